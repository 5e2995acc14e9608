package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.chain;
import static io.windlass.chain.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.definition.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChainLintTest {
  private static final String A = "id: a, prompt: p, output_var: out";

  @Test
  void findsNothingInAFlawlessChain() {
    assertThat(CHAINS.lint("sales-digest", sample("sales-digest")))
        .extracting(Finding::toString)
        .containsExactly(
            "steps.3.output_var: nobody uses the output \"initials\" of step \"anonymous\"");
  }

  @Test
  void tellsFaultsOfTheSchemaAndOfTheGraphAsErrors() {
    assertThat(errors("{name: x}")).contains("steps: is required", "output: is required");
    assertThat(errors("a: [")).contains("yaml: ");
    assertThat(errors(chain(A + ", depends_on: [b]")))
        .isEqualTo("steps: Step \"a\" depends on unknown step \"b\"");
    assertThat(errors(chain("id: a, prompt: p, output_var: x")))
        .startsWith("output: Output \"out\" does not match");
    assertThat(errors(chain(A, A)))
        .isEqualTo("steps.1.id: \"a\" is already the id of steps.0; ids must differ");
    assertThat(CHAINS.lint("..", chain(A))).anyMatch(Finding::error);
  }

  @Test
  void warnsOfANameThatIsNotTheOneItIsRunBy() {
    String source = sample("sales-digest");
    assertThat(CHAINS.lint("weekly", source))
        .anySatisfy(finding -> {
          assertThat(finding.error()).isFalse();
          assertThat(finding.toString()).startsWith("name: ").contains("weekly", "Sales digest");
        });
    assertThat(CHAINS.lint("sales_digest", source))
        .noneMatch(finding -> finding.toString().startsWith("name: "));
  }

  @Test
  void warnsOfUnknownFields() {
    assertThat(warnings("colour: red\n" + chain(A + ", promt: x, retry: {times: 3}")))
        .contains(
            "colour: unknown field, it has no effect",
            "steps.0.promt: unknown field",
            "steps.0.retry.times: unknown field");
  }

  @Test
  void readsTemplatesWithDoubleBraces() {
    String rendered = "pre_tools: [{type: template_render, inject_as: text, template: '%s'}]";
    assertThat(
            warnings(
                chain(
                    "id: rows, prompt: p, output_var: rows",
                    A
                        + ", depends_on: [rows], "
                        + rendered.formatted(
                            "{{#each rows}}{{name}} {{this}}{{else}}none{{/each}} {nowhere}"))))
        .contains("nowhere")
        .doesNotContain("name", "this", "else", "nobody uses");
  }

  @Test
  void warnsOfVariablesThatAreNotThere() {
    String source =
        "inputs: [{name: topic}]\n"
            + chain(
                "id: a, prompt: '{topic} {input.topic} {topic.x} {other} {gone|x} {b_out}"
                    + " {input.nope}', output_var: a_out",
                "id: b, prompt: '{a_out} {\"json\": 1} {0}', output_var: b_out, depends_on: [a]",
                "id: c, type: transform, operation: map, template_str: '{item} {index}"
                    + " {item_index}', input_var: nowhere, prompt: '{b_out}', output_var: out,"
                    + " depends_on: [b]");
    assertThat(warnings(source).lines())
        .containsExactly(
            "steps.0.prompt: the variable \"other\" is no input and no step sets it",
            "steps.0.prompt: the variable \"b_out\" is set by \"b\", on which this step does not"
                + " depend; name it in depends_on",
            "steps.0.prompt: the variable \"input.nope\" is no input and no step sets it",
            "steps.2.template_str: the variable \"item_index\" is no input and no step sets it",
            "steps.2.input_var: the variable \"nowhere\" is no input and no step sets it");
  }

  @Test
  void knowsTheVariablesOfPreToolsAndLoops() {
    String source =
        chain(
            "id: a, prompt: '{diff}', output_var: x, pre_tools: [{type: bash, inject_as: diff,"
                + " command: ls}]",
            "id: b, type: loop, items_var: x, prompt: '{item} {item_index} {loop_total} {diff}',"
                + " output_var: out, depends_on: [a]");
    assertThat(warnings(source))
        .isEqualTo(
            "steps.0.type: the step type \"agent\" is not available yet; the step fails when it is"
                + " run\n"
                + "steps.1.type: the step type \"loop\" is not available yet; the step fails when"
                + " it is run");
  }

  @Test
  void asksWhetherANearNameWasMeant_andOnlyThen() {
    assertThat(errors(chain(A + ", type: agnet")))
        .contains("image_gen, gather; got \"agnet\"; did you mean \"agent\"?");
    assertThat(errors(chain(A + ", type: teleport"))).endsWith("got \"teleport\"");
    assertThat(errors(chain(A + ", pre_tools: [{type: htpp_fetch, inject_as: x}]")))
        .endsWith("there is no pre-tool \"htpp_fetch\"; did you mean \"http_fetch\"?");
    assertThat(errors(chain(A + ", pre_tools: [{type: teleport, inject_as: x}]")))
        .endsWith("there is no pre-tool \"teleport\"");
  }

  @Test
  void findsMergeStrategiesThatDoNotExist() {
    String merge = "id: a, type: merge, inputs: [a, b], output_var: out, prompt: p, strategy: ";
    assertThat(errors(chain(merge + "vote")))
        .isEqualTo(
            "steps.0.strategy: there is no merge strategy \"vote\": there are concatenate,"
                + " json_array, llm_summarize, pick_best");
    assertThat(errors(chain(merge + "pick_bset"))).contains("did you mean \"pick_best\"?");
    assertThat(errors(chain(merge + "pick_best"))).isEmpty();
  }

  @Test
  void warnsOfChainsThatAreNotThere() {
    SavedChains saved = () -> Optional.of(List.of("weekly-report", "sample"));
    ChainKind chains =
        new ChainKind(
            Map.of("subchain", new SubchainKind()),
            Map.of(),
            Map::of,
            InputFiles.UNSEEN,
            saved,
            VariableBudget.NONE,
            0);
    String run = "id: a, type: subchain, prompt: p, output_var: out, subchain: ";
    assertThat(chains.lint("sample", chain(run + "weekly-reprot")))
        .extracting(Finding::error, Finding::toString)
        .containsExactly(
            tuple(
                false,
                "steps.0.subchain: there is no chain \"weekly-reprot\" yet; save it before this is"
                    + " run; did you mean \"weekly-report\"?"));
    assertThat(chains.lint("sample", chain(run + "weekly-report"))).isEmpty();
    assertThat(chains.lint("sample", chain(run + "'{input.which}', subchain_input_map: {}")))
        .noneMatch(finding -> finding.toString().contains("there is no chain"));
    assertThat(chains.lint("sample", chain(run + "sample")))
        .extracting(Finding::toString)
        .containsExactly("steps.0.subchain: the chain \"sample\" cannot run itself as a subchain");

    String pipeline = "{name: p, output: r, chains: [{id: r, chain: tea}]}";
    assertThat(new PipelineKind(InputFiles.UNSEEN, saved).lint("p", pipeline))
        .extracting(Finding::error, Finding::toString)
        .containsExactly(
            tuple(
                false,
                "chains.0.chain: there is no chain \"tea\" yet; save it before this is run"));
  }

  @Test
  void findsRoutesAndTargetsThatAreNotThere() {
    assertThat(
            errors(
                chain(
                    A + ", type: router, routes: {yes: [a, b]}, default_route: maybe",
                    "id: e, type: evaluator, retry_target: z, input_var: out, prompt: p,"
                        + " output_var: v")))
        .isEqualTo(
            "steps.0.routes.yes: there is no step \"b\"\n"
                + "steps.0.default_route: \"maybe\" is none of the routes\n"
                + "steps.1.retry_target: there is no step \"z\"");
  }

  @Test
  void findsWhatStepsAndPreToolsCannotDoWithout() {
    assertThat(
            errors(
                chain(
                    A + ", pre_tools: [{type: bash, inject_as: x}, {type: teleport, inject_as: y}]",
                    "id: m, type: merge, prompt: p, output_var: m",
                    "id: s, type: subchain, prompt: p, output_var: s",
                    "id: t, type: transform, operation: filter, regex: '(', prompt: p, output_var:"
                        + " t")))
        .contains(
            "steps.0.pre_tools.0.command: bash cannot do without it",
            "steps.0.pre_tools.1.type: there is no pre-tool \"teleport\"",
            "steps.1.inputs: a merge step needs",
            "steps.2.subchain: a subchain step needs",
            "steps.3.regex: the regular expression \"(\" is not valid");
    assertThat(warnings(chain(A + ", pre_tools: [{type: ocr, inject_as: x}]")))
        .contains("steps.0.pre_tools.0.type: the pre-tool \"ocr\" is not available yet");
    assertThat(
            warnings(
                chain(A + ", type: gate, pre_tools: [{type: bash, inject_as: x, command: ls}]")))
        .contains("a gate ignores them");
  }

  @Test
  void warnsOfPreToolsThatATransformIgnores_andNamesTheTypeThatRunsThem() {
    String step =
        A
            + ", type: TYPE, operation: template, template_str: '{x}', pre_tools: [{type: bash,"
            + " inject_as: x, command: ls}]";
    assertThat(warnings(chain(step.replace("TYPE", "transform"))))
        .contains("steps.0.pre_tools: ", "a transform ignores them", "use type: gather")
        .contains("the variable \"x\" is no input and no step sets it");
    assertThat(CHAINS.lint("sample", chain(step.replace("TYPE", "gather")))).isEmpty();
  }

  @Test
  void warnsOfConditionsThatAreNone() {
    assertThat(warnings(chain(A + ", condition: '{x|1} >= 3'")))
        .contains("steps.0.condition: not a");
    assertThat(warnings(chain(A + ", condition: '{x|1} > 3 && {x|1} < 9'")))
        .contains("steps.0.condition");
    assertThat(warnings(chain(A + ", condition: \"{x|1} == 'y'\""))).contains("steps.0.condition");
    assertThat(warnings(chain(A + ", condition: '{x|1} == \"y\"'"))).doesNotContain("condition");
    assertThat(warnings(chain(A + ", condition: '{x|1}'"))).doesNotContain("condition");
  }

  private static String errors(String source) {
    return told(source, true);
  }

  private static String warnings(String source) {
    String warnings = told(source, false);
    return List.of(warnings.split("\n")).stream()
        .filter(
            line -> warnings.lines().count() <= 2 || !line.contains("\"agent\" is not available"))
        .collect(Collectors.joining("\n"));
  }

  private static String told(String source, boolean error) {
    return CHAINS.lint("sample", source).stream()
        .filter(finding -> finding.error() == error)
        .map(Finding::toString)
        .collect(Collectors.joining("\n"));
  }
}
