package io.windlass.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Runs the usual commands once against a few fixed answers, so that a JDK that records an AOT cache
 * meanwhile remembers what they load.
 */
public final class Training {
  private static final String STREAM =
      """
      data: {"type":"step_started","stepId":"a","label":"A"}
      id: 1

      data: {"type":"step_done","stepId":"a","durationMs":1}
      id: 2

      data: {"type":"execution_done","result":"r","durationMs":1}
      id: 3

      """;
  private static final String RECORD =
      "{\"executionId\":\"x\",\"id\":\"x\",\"status\":\"done\",\"result\":\"r\",\"steps\":[]}";

  private Training() {}

  public static void main(String[] arguments) throws IOException {
    int worst = 0;
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> serve(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      for (String command : new String[] {"list", "run x", "status x", "status", "health"}) {
        String line = command + " --url " + url + " --chains-url " + url;
        worst = Math.max(worst, Main.run(Terminal.ofProcess(), line.split(" ", -1)));
      }
      worst = Math.max(worst, Main.run(Terminal.ofProcess(), "--help"));
    }
    System.exit(worst);
  }

  private static void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        answer(socket);
      } catch (IOException e) {
        // A command that left, or the end of the training.
        continue;
      }
    }
  }

  private static void answer(Socket socket) throws IOException {
    byte[] request = new byte[8 << 10];
    int length = Math.max(0, socket.getInputStream().read(request));
    String path = new String(request, 0, length, StandardCharsets.UTF_8).split(" ", 3)[1];
    String body =
        switch (path) {
          case "/chains" -> "[{\"name\":\"x\",\"stepCount\":1}]";
          case "/health" -> "{\"status\":\"up\",\"checks\":[]}";
          case "/executions/x/stream" -> STREAM;
          default -> RECORD;
        };
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + bytes.length + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(bytes);
    socket.shutdownOutput();
    // Closing before the whole request was read would take the answer back.
    long _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }
}
