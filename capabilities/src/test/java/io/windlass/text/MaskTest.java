package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MaskTest {
  @Test
  void hidesAShortPasswordWhereItStandsAsOneAlone() {
    assertThat(Mask.of("no port at postgresql://u:p@host/p?password=p&x=p: p refused", "p"))
        .isEqualTo("no port at postgresql://u:***@host/p?password=***&x=p: p refused");
    assertThat(Mask.of("user=p password=pp", "p")).isEqualTo("user=p password=pp");
    assertThat(Mask.of("mysql://u:a.b@h is not mysql://u:axb@h", "a.b"))
        .isEqualTo("mysql://u:***@h is not mysql://u:axb@h");
  }

  @Test
  void hidesALongOneEverywhere() {
    assertThat(Mask.of("login s3cr3t$ of u:s3cr3t$@h", "s3cr3t$"))
        .isEqualTo("login *** of u:***@h");
    assertThat(Mask.of("as it is", "")).isEqualTo("as it is");
  }
}
