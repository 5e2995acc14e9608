package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request's caller may see, and the filters that its query names. */
final class Seen {
  static final Set<String> KINDS = Set.of("graph", "workflow");
  private static final Set<ExecutionStatus> ACTIVE =
      EnumSet.of(ExecutionStatus.QUEUED, ExecutionStatus.RUNNING, ExecutionStatus.WAITING);

  private static final int SHOWN = 80;

  private Seen() {}

  static String user(Context context) {
    return Caller.of(context).user();
  }

  /** Null for a caller who sees everybody's. */
  static @Nullable String owner(Context context) {
    return Caller.of(context).only();
  }

  static boolean sees(Context context, Execution execution) {
    String owner = owner(context);
    return KINDS.contains(execution.kind()) && (owner == null || owner.equals(execution.owner()));
  }

  /** The runs of one workflow, or of all when the name is null, that the caller may see. */
  static ExecutionFilter workflowRuns(
      Context context, @Nullable String name, @Nullable Instant from, @Nullable Instant to) {
    return new ExecutionFilter(Set.of("workflow"), name, Set.of(), owner(context), from, to);
  }

  /** Empty for all. */
  static Set<ExecutionStatus> statuses(Context context) {
    String given = text(context, "status");
    if (given == null || given.equals("active")) {
      return ACTIVE;
    }
    Set<ExecutionStatus> statuses = EnumSet.noneOf(ExecutionStatus.class);
    for (String word : given.split(",", -1)) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "initializing" -> statuses.add(ExecutionStatus.QUEUED);
        // What waits for another execution runs for those who look on.
        case "running" ->
            statuses.addAll(EnumSet.of(ExecutionStatus.RUNNING, ExecutionStatus.WAITING));
        case "paused" -> statuses.add(ExecutionStatus.WAITING);
        case "completed" -> statuses.add(ExecutionStatus.SUCCEEDED);
        case "failed" -> statuses.add(ExecutionStatus.FAILED);
        case "cancelled" -> statuses.add(ExecutionStatus.CANCELLED);
        case "all" -> statuses.addAll(EnumSet.allOf(ExecutionStatus.class));
        default ->
            throw bad(
                "status",
                word,
                "one of initializing, running, paused, completed, failed, cancelled, active, all");
      }
    }
    return statuses;
  }

  static @Nullable String text(Context context, String name) {
    String value = context.queryParam(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  static Set<String> texts(Context context, String name) {
    Set<String> texts = new LinkedHashSet<>();
    for (String value : context.queryParams(name)) {
      for (String text : value.split(",", -1)) {
        if (!text.isBlank()) {
          texts.add(text.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return texts;
  }

  static boolean flag(Context context, String name) {
    String value = text(context, name);
    if (value == null) {
      return false;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default -> throw bad(name, value, "true or false");
    };
  }

  /** A whole number; over the most it is cut to the most. */
  static int number(Context context, String name, int otherwise, int least, int most) {
    String value = text(context, name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,18}") || Long.parseLong(value) < least) {
      throw bad(name, value, "a whole number from " + least + " on");
    }
    return (int) Math.min(Long.parseLong(value), most);
  }

  /**
   * An instant, or a day.
   *
   * @param endOfDay whether a day alone stands for its end
   */
  static @Nullable Instant instant(Context context, String name, boolean endOfDay) {
    String value = text(context, name);
    if (value == null) {
      return null;
    }
    try {
      if (value.length() == 10) {
        LocalDate day = LocalDate.parse(value);
        return (endOfDay ? day.plusDays(1) : day).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      // A plus sign that was not escaped arrives as a space.
      String whole = value.replace(' ', '+');
      return whole.matches(".*(Z|z|[+-]\\d\\d:?\\d\\d)$")
          ? OffsetDateTime.parse(whole).toInstant()
          : OffsetDateTime.parse(whole + "Z").toInstant();
    } catch (DateTimeException e) {
      throw bad(name, value, "an ISO 8601 date as 2025-10-24T12:00:00Z", e);
    }
  }

  static WindlassException bad(String name, String value, String expected) {
    return bad(name, value, expected, null);
  }

  /** A parameter of the query is not as it must be. */
  static WindlassException bad(
      String name, String value, String expected, @Nullable Throwable cause) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) : value;
    String message = "%s must be %s, not %s".formatted(name, expected, shown);
    return new WindlassException(
        ErrorCode.INVALID_INPUT,
        message,
        cause,
        List.of(new Fault(ErrorJson.QUERY + name, message, Json.text(shown), expected)));
  }

  static WindlassException missing(String what, String id) {
    return WindlassException.notFound(
        what.equals("execution") ? ErrorCode.EXECUTION_NOT_FOUND : ErrorCode.NOT_FOUND,
        "There is no %s \"%s\"".formatted(what, id.length() > 100 ? id.substring(0, 100) : id));
  }
}
