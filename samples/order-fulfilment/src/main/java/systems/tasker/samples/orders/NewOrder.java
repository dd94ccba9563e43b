/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a customer asks for. The fields can be {@code null} until they are validated.
 *
 * @param customer who orders
 * @param sku what is ordered
 * @param quantity how many pieces
 */
record NewOrder(
		@NotBlank @Size(max = 100) @Pattern(regexp = PRINTABLE, message = PRINTABLE_MESSAGE) @Nullable String customer,
		@NotBlank @Size(max = 100) @Pattern(regexp = PRINTABLE, message = PRINTABLE_MESSAGE) @Nullable String sku,
		@NotNull @Min(1) @Max(1000) @Nullable Integer quantity) {

	// A database cannot store a NUL character, nor half a surrogate pair.
	private static final String PRINTABLE = "\\P{C}*";

	private static final String PRINTABLE_MESSAGE = "must not contain control characters";

}
