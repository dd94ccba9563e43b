/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The templates that tasks are made from. Which steps one has stands in
 * {@code named_tasks_named_steps}; how they depend on each other stands in
 * {@code named_tasks.configuration}, under {@code steps}, where other programs read it.
 */
public final class TaskTemplates {

	private final WorkflowSession session;

	TaskTemplates(WorkflowSession session) {
		this.session = session;
	}

	/**
	 * Create a template with its namespace and steps, or make the one with the same
	 * namespace, name and version equal to it. Tasks that exist stay as they are. What
	 * other programs have written into the configuration of a step that stays, besides
	 * name and dependencies, is kept. Many may save at the same time; the last one wins.
	 * @param template the template
	 * @return the UUID of the named task
	 * @throws IllegalArgumentException if the configuration cannot be stored as JSON, or
	 * has a limit in its {@code lifecycle} that is no integer there
	 */
	public UUID save(TaskTemplate template) {
		String configuration = configuration(template);
		String steps = Json.plain(TaskTemplate.STEPS, template.steps().stream().map(TaskTemplates::row).toList());
		return this.session.transactions().call(() -> {
			saveNamespaceAndSteps(template.namespace(), steps);
			UUID namedTask = saveNamedTask(template, configuration);
			saveStepsOf(namedTask, steps);
			return namedTask;
		});
	}

	/**
	 * Find a template.
	 * @param namespace the namespace
	 * @param name the name
	 * @param version the version
	 * @return the template, if there is one
	 * @throws InvalidTemplateException if another program stored a template that cannot
	 * be used
	 */
	public Optional<TaskTemplate> find(String namespace, String name, String version) {
		return load(namespace, name, version).map(Stored::template);
	}

	// One statement, so that a template that is being saved is read as a whole.
	Optional<Stored> load(String namespace, String name, String version) {
		return this.session.jdbc()
			.sql("""
					select nt.named_task_uuid, nt.description, nt.identity_strategy::text as identity_strategy,
					  nt.configuration::text as configuration,
					  (select coalesce(jsonb_agg(jsonb_build_object(
					      'name', ns.name,
					      'retryable', l.default_retryable,
					      'max_attempts', l.default_max_attempts) order by ns.name), '[]')::text
					    from tasker.named_tasks_named_steps l
					    join tasker.named_steps ns on ns.named_step_uuid = l.named_step_uuid
					    where l.named_task_uuid = nt.named_task_uuid) as steps
					from tasker.named_tasks nt
					join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
					where n.name = :namespace and nt.name = :name and nt.version = :version
					""")
			.param("namespace", Arguments.required("namespace", namespace))
			.param("name", Arguments.required("name", name))
			.param("version", Arguments.required("version", version))
			.query((row, number) -> new Stored(Rows.uuid(row, "named_task_uuid"), read(namespace, name, version, row)))
			.optional();
	}

	private static TaskTemplate read(String namespace, String name, String version, ResultSet row) throws SQLException {
		String description = row.getString("description");
		IdentityStrategy strategy = IdentityStrategy.of(row.getString("identity_strategy"));
		try {
			Map<String, @Nullable Object> configuration = StoredJson.members(Json.read(row.getString("configuration")));
			List<StepTemplate> steps = StoredJson.steps(Json.read(row.getString(TaskTemplate.STEPS)),
					configuration.remove(TaskTemplate.STEPS));
			return new TaskTemplate(namespace, name, version, description, strategy, configuration, steps);
		}
		catch (IllegalArgumentException | IllegalStateException | JacksonException ex) {
			throw new InvalidTemplateException(namespace, name, version, ex);
		}
	}

	// In the order of names, so that two who save the same steps do not deadlock.
	private void saveNamespaceAndSteps(String namespace, String steps) {
		this.session.jdbc().sql("""
				insert into tasker.task_namespaces (name, created_at, updated_at)
				values (:namespace, timezone('utc', now()), timezone('utc', now()))
				on conflict (name) do nothing
				""").param("namespace", namespace).update();
		this.session.jdbc().sql("""
				insert into tasker.named_steps (name, created_at, updated_at)
				select s.name, timezone('utc', now()), timezone('utc', now())
				from jsonb_to_recordset(:steps::jsonb) as s (name varchar)
				order by s.name
				on conflict (name) do nothing
				""").param("steps", steps).update();
	}

	// Steps are objects of the configuration, to which other programs add keys.
	private UUID saveNamedTask(TaskTemplate template, String configuration) {
		return this.session.jdbc()
			.sql("""
					insert into tasker.named_tasks as stored (
					  task_namespace_uuid, name, description, version, configuration, identity_strategy,
					  created_at, updated_at)
					select n.task_namespace_uuid, :name, :description, :version, :configuration::jsonb,
					  :strategy::tasker.identity_strategy, timezone('utc', now()), timezone('utc', now())
					from tasker.task_namespaces n
					where n.name = :namespace
					on conflict (task_namespace_uuid, name, version) do update
					set description = excluded.description, identity_strategy = excluded.identity_strategy,
					  updated_at = excluded.updated_at,
					  configuration = excluded.configuration || jsonb_build_object('steps', (
					    select coalesce(jsonb_agg(coalesce(other.step, '{}') || own.step order by own.position), '[]')
					    from jsonb_array_elements(excluded.configuration -> 'steps')
					      with ordinality as own (step, position)
					    left join lateral (
					      select e.step
					      from jsonb_array_elements(case jsonb_typeof(stored.configuration -> 'steps')
					          when 'array' then stored.configuration -> 'steps'
					          else '[]'
					        end) as e (step)
					      where jsonb_typeof(e.step) = 'object' and e.step ->> 'name' = own.step ->> 'name'
					      limit 1) other on true))
					returning named_task_uuid
					""")
			.param("name", template.name())
			.param("description", template.description())
			.param("version", template.version())
			.param("configuration", configuration)
			.param("strategy", template.identityStrategy().sqlName())
			.param("namespace", template.namespace())
			.query(UUID.class)
			.single();
	}

	private void saveStepsOf(UUID namedTask, String steps) {
		this.session.jdbc().sql("""
				delete from tasker.named_tasks_named_steps l
				using tasker.named_steps ns
				where l.named_task_uuid = :task and ns.named_step_uuid = l.named_step_uuid
				  and ns.name not in (select s.name from jsonb_to_recordset(:steps::jsonb) as s (name varchar))
				""").param("task", namedTask).param("steps", steps).update();
		this.session.jdbc().sql("""
				insert into tasker.named_tasks_named_steps (
				  named_task_uuid, named_step_uuid, default_retryable, default_max_attempts, created_at, updated_at)
				select :task, ns.named_step_uuid, s.retryable, s.max_attempts, timezone('utc', now()),
				  timezone('utc', now())
				from jsonb_to_recordset(:steps::jsonb) as s (name varchar, retryable boolean, max_attempts integer)
				join tasker.named_steps ns on ns.name = s.name
				on conflict (named_task_uuid, named_step_uuid) do update
				set default_retryable = excluded.default_retryable,
				  default_max_attempts = excluded.default_max_attempts, updated_at = excluded.updated_at
				""").param("task", namedTask).param("steps", steps).update();
	}

	private String configuration(TaskTemplate template) {
		Map<String, @Nullable Object> configuration = StoredJson
			.members(this.session.json().tree("configuration", template.configuration()));
		// Again: only now it is known what the objects of an application are in JSON.
		Lifecycle.check(configuration);
		configuration.put(TaskTemplate.STEPS,
				template.steps()
					.stream()
					.map((step) -> Map.of(StoredJson.NAME, step.name(), StoredJson.DEPENDENCIES, step.dependsOn()))
					.toList());
		return Json.plain("configuration", configuration);
	}

	private static Map<String, Object> row(StepTemplate step) {
		return Map.of(StoredJson.NAME, step.name(), StoredJson.RETRYABLE, step.retryable(), StoredJson.MAX_ATTEMPTS,
				step.maxAttempts());
	}

	/**
	 * A template that is in the database.
	 *
	 * @param namedTask the UUID of the named task
	 * @param template the template
	 */
	record Stored(UUID namedTask, TaskTemplate template) {

	}

}
