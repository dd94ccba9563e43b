-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Rows that SQL writes by itself. The state matrix is not enforced here but by the functions that
-- change states: rows inserted directly, as by an import, are history and not changes.

-- One audit row for each result that a worker reports. The metadata comes from outside: whatever is
-- wrong with it, the report itself must not fail. What cannot be read is left out.
create or replace function tasker.create_step_result_audit()
  returns trigger
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  worker uuid;
  correlation uuid;
  event jsonb := new.metadata -> 'event';
  success boolean;
  execution_time_ms bigint;
begin
  if new.to_state not in ('enqueued_for_orchestration', 'enqueued_as_error_for_orchestration') then
    return null;
  end if;
  begin
    worker := new.metadata ->> 'worker_uuid';
  exception when others then null;
  end;
  begin
    correlation := new.metadata ->> 'correlation_id';
  exception when others then null;
  end;
  begin
    if jsonb_typeof(event) = 'string' then
      event := (event #>> '{}')::jsonb;
    end if;
    -- An event of the application, {type, data}, has both one level deeper.
    success := coalesce(event ->> 'success', event #>> '{data,success}');
    execution_time_ms := coalesce(
      event #>> '{metadata,execution_time_ms}', event #>> '{data,metadata,execution_time_ms}');
  exception when others then
    -- An event that is wrong in one place is not to be trusted in another.
    success := null;
    execution_time_ms := null;
  end;
  insert into tasker.workflow_step_result_audit (
    workflow_step_uuid, workflow_step_transition_uuid, task_uuid, worker_uuid, correlation_id, success,
    execution_time_ms)
  select s.workflow_step_uuid, new.workflow_step_transition_uuid, s.task_uuid, worker, correlation,
    coalesce(success, new.to_state = 'enqueued_for_orchestration'), execution_time_ms
  from tasker.workflow_steps s
  where s.workflow_step_uuid = new.workflow_step_uuid;
  return null;
end
$$;

comment on function tasker.create_step_result_audit() is
  'Writes the audit row of a step result that a worker reports';

create or replace trigger trg_step_result_audit
  after insert on tasker.workflow_step_transitions
  for each row execute function tasker.create_step_result_audit();

create or replace function tasker.update_updated_at_column()
  returns trigger
  language plpgsql
  set search_path = tasker, pg_temp
as $$
begin
  new.updated_at := timezone('utc', now());
  return new;
end
$$;

comment on function tasker.update_updated_at_column() is
  'Sets updated_at to the time of the transaction, in UTC';

create or replace trigger update_dlq_updated_at
  before update on tasker.tasks_dlq
  for each row execute function tasker.update_updated_at_column();
