package io.windlass.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finished steps as lines that stay; below them the steps at work, redrawn as time passes, each
 * with the last line of its output.
 */
final class LiveProgress implements Progress {
  private static final String FRAMES = "|/-\\";
  private static final int MAX_ROWS = 12;

  private final PrintStream err;
  private final StepLines lines;
  private final Map<String, Row> working = new LinkedHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int drawn;
  private int frame;
  private boolean held;
  private boolean closed;

  private static final class Row {
    private final long began;
    private String last = "";
    private boolean asks;

    private Row(long began) {
      this.began = began;
    }
  }

  /**
   * @param err a terminal
   * @param colours whether colours are wanted
   */
  LiveProgress(PrintStream err, boolean colours) {
    this.err = err;
    this.lines = new StepLines(colours, false);
    Thread.ofVirtual().name("progress").start(this::tick);
  }

  @Override
  public void on(RunEvent event) {
    lock.lock();
    try {
      track(event);
      var left = lines.of(event);
      if (!left.isEmpty()) {
        erase();
        left.forEach(err::println);
        draw();
      }
    } finally {
      lock.unlock();
    }
  }

  private void track(RunEvent event) {
    switch (event) {
      case RunEvent.StepStarted e -> working.put(e.step(), new Row(System.nanoTime()));
      case RunEvent.StepDone e -> working.remove(e.step());
      case RunEvent.StepSkipped e -> working.remove(e.step());
      case RunEvent.StepFailed e -> working.remove(e.step());
      case RunEvent.Asked e -> asks(e.step(), true);
      case RunEvent.Answered e -> asks(e.step(), false);
      case RunEvent.Succeeded _, RunEvent.Failed _ -> working.clear();
      case RunEvent.StepOutput e -> {
        Row row = working.get(e.step());
        if (row != null) {
          String text = row.last + e.chunk();
          int line = text.stripTrailing().lastIndexOf('\n');
          row.last = text.substring(Math.max(line + 1, text.length() - 4_000));
        }
      }
      case RunEvent.Started _,
          RunEvent.StepLog _,
          RunEvent.CacheHit _,
          RunEvent.ChildAnswered _,
          RunEvent.Other _ -> {}
    }
  }

  private void asks(String step, boolean asks) {
    Row row = working.get(step);
    if (row != null) {
      row.asks = asks;
    }
  }

  @Override
  public void note(String line) {
    lock.lock();
    try {
      erase();
      err.println(line);
      draw();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void hold() {
    lock.lock();
    try {
      erase();
      held = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release() {
    lock.lock();
    try {
      held = false;
      draw();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      erase();
      closed = true;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tick() {
    lock.lock();
    try {
      while (!closed) {
        boolean _ = ended.await(120, TimeUnit.MILLISECONDS);
        frame++;
        erase();
        draw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void erase() {
    if (drawn > 0) {
      err.print("\033[" + drawn + "A\r\033[J");
      drawn = 0;
    }
  }

  private void draw() {
    if (held || closed) {
      return;
    }
    // Without wrapping a long row stays one row, so that the next erase finds its beginning.
    StringBuilder block = new StringBuilder("\033[?7l");
    long now = System.nanoTime();
    for (var entry : working.entrySet()) {
      if (drawn == MAX_ROWS) {
        block.append("  … and ").append(working.size() - MAX_ROWS).append(" more\n");
        drawn++;
        break;
      }
      Row row = entry.getValue();
      long millis = (now - row.began) / 1_000_000;
      block.append(row.asks ? '?' : FRAMES.charAt(frame % FRAMES.length())).append(' ');
      block.append(lines.name(entry.getKey())).append("  ");
      block.append(row.asks ? "waits for an answer" : Wording.duration(millis / 100 * 100));
      if (!row.last.isBlank()) {
        block.append("  ").append(Wording.line(row.last, 200));
      }
      block.append('\n');
      drawn++;
    }
    if (drawn > 0) {
      err.print(block.append("\033[?7h"));
      err.flush();
    }
  }
}
