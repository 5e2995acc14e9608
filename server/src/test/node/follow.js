// Follows a stream with the eventsource package until the server tells it to stop, and prints one
// line of JSON for whatever happens. It never closes the stream by itself.
import { EventSource } from "eventsource";

const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const source = new EventSource(process.argv[2]);
source.onopen = () => print({ happened: "open" });
source.onmessage = (event) =>
  print({ happened: "message", id: event.lastEventId, data: JSON.parse(event.data) });
source.onerror = (event) => {
  const over = source.readyState === EventSource.CLOSED;
  print({ happened: over ? "stopped" : "broken", code: event.code ?? 0 });
};
