/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

import systems.tasker.messaging.MessagingUnavailableException;

/**
 * Answers what goes wrong with a problem detail (RFC 9457) that helps the caller: a bad
 * order is told which field is bad, also when a value does not even have the right type.
 */
@RestControllerAdvice
class OrderErrors extends ResponseEntityExceptionHandler {

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		List<FieldProblem> problems = ex.getFieldErrors()
			.stream()
			.map((error) -> new FieldProblem(error.getField(), String.valueOf(error.getDefaultMessage())))
			.sorted(Comparator.comparing(FieldProblem::field).thenComparing(FieldProblem::message))
			.toList();
		return handleExceptionInternal(ex, badOrder(problems), headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return handleExceptionInternal(ex, unreadable(ex), headers, status, request);
	}

	private static ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		if (!(ex.getCause() instanceof JacksonException cause)) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The order is missing");
		}
		String field = cause.getPath()
			.stream()
			.map(JacksonException.Reference::getPropertyName)
			.filter(Objects::nonNull)
			.collect(Collectors.joining("."));
		if (!field.isEmpty()) {
			return badOrder(List.of(new FieldProblem(field,
					field.equals("quantity") ? "must be a whole number from 1 to 1000" : "must be a text")));
		}
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"The order is no JSON object: line %d, column %d".formatted(cause.getLocation().getLineNr(),
						cause.getLocation().getColumnNr()));
	}

	private static ProblemDetail badOrder(List<FieldProblem> problems) {
		ProblemDetail body = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				problems.stream()
					.map((problem) -> problem.field() + " " + problem.message())
					.collect(Collectors.joining("; ")));
		body.setTitle("Bad order");
		body.setProperty("errors", problems);
		return body;
	}

	// What is not an id at all is the id of no order.
	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		ProblemDetail body = ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND,
				"There is no order " + ex.getValue());
		return handleExceptionInternal(ex, body, headers, HttpStatus.NOT_FOUND, request);
	}

	@ExceptionHandler
	ProblemDetail handleUnknownOrder(UnknownOrderException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handleKeyInUse(KeyInUseException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

	@ExceptionHandler({ CannotCreateTransactionException.class, DataAccessResourceFailureException.class,
			MessagingUnavailableException.class })
	ProblemDetail handleOutage() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The database does not answer; nothing was changed, try again later");
	}

	/**
	 * What is wrong with a field.
	 *
	 * @param field the name of the field
	 * @param message what it must be
	 */
	record FieldProblem(String field, String message) {

	}

}
