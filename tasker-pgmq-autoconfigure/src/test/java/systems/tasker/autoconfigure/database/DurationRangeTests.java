/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DurationRangeTests {

	@ParameterizedTest
	@ValueSource(strings = { "PT0.25S", "PT480H", "PT1H" })
	void leavesWhatIsInTheRangeAsItIs(Duration value) {
		assertThat(DurationRange.from("250ms").to("20d").check("a.b", value)).isSameAs(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0.249999999S", "PT-1S", "PT480H0.000000001S", "PT9223372036854775807S" })
	void refusesOthersAndNamesPropertyAndValue(Duration value) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> DurationRange.from("250ms").to("20d").check("a.b", value, "of c "))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("a.b"))
			.satisfies((ex) -> assertThat(ex.getValue()).isEqualTo(value))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("of c must be from 250ms to 20d"));
	}

}
