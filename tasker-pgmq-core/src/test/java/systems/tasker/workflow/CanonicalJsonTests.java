/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CanonicalJsonTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					null | null
					true | true
					[ 3, 1, 2 ] | [3,1,2]
					{} | {}
					[] | []
					{ "b": 1, "a": [ { "z": null, "y": false } ] } | {"a":[{"y":false,"z":null}],"b":1}
					{"a":{"c":{"e":1,"d":2},"b":3}} | {"a":{"b":3,"c":{"d":2,"e":1}}}
					{"b":1,"B":2,"a":3,"_":4,"10":5,"9":6} | {"10":5,"9":6,"B":2,"_":4,"a":3,"b":1}
					{"ab":1,"a":2,"":3} | {"":3,"a":2,"ab":1}
					{"a":1.50,"b":1e3,"c":-0,"d":123456789012345678901234567890} | {"a":1.50,"b":1e3,"c":-0,"d":123456789012345678901234567890}
					"\\u00e9\\u002f\\/" | "é//"
					"\\n\\"\\\\" | "\\n\\"\\\\"
					""")
	void sameContentHasTheSameText(String json, String canonical) {
		assertThat(CanonicalJson.of(json)).isEqualTo(canonical);
	}

	@Test
	void keysAreSortedByCodePointAndNotByUtf16() {
		assertThat(CanonicalJson.of("{\"\uD83D\uDE00\":1,\"\uFF5E\":2}"))
			.isEqualTo("{\"\uFF5E\":2,\"\uD83D\uDE00\":1}");
	}

}
