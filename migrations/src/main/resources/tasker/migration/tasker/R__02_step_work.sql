-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- What a worker does to a step: take it, and ask for a pause before the next attempt.

-- One winner, nobody waits: who does not get the row, or finds that the step is not enqueued, hears
-- so at once and turns to other work. Whether the step may run was decided when it was enqueued.
-- The attempt is counted here and not with the result, so that a worker that crashes has used it up.
create or replace function tasker.tasker_claim_and_execute_step(
    p_step_uuid uuid, p_worker_uuid uuid, p_correlation_id uuid default null)
  returns table (
    claimed boolean, workflow_step_uuid uuid, task_uuid uuid, attempts integer, inputs jsonb, checkpoint jsonb)
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  correlation_id uuid;
begin
  perform from tasker.workflow_steps s
  where s.workflow_step_uuid = p_step_uuid
  for no key update skip locked;
  if found then
    select coalesce(p_correlation_id, t.correlation_id) into correlation_id
    from tasker.workflow_steps s join tasker.tasks t on t.task_uuid = s.task_uuid
    where s.workflow_step_uuid = p_step_uuid;
    -- False for any state but enqueued.
    if tasker.transition_step_state_atomic(p_step_uuid, 'enqueued', 'in_progress',
      jsonb_strip_nulls(jsonb_build_object(
        'event', '{"type":"Start"}',
        'timestamp', to_char(timezone('utc', now()), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        'worker_uuid', p_worker_uuid,
        'correlation_id', correlation_id)))
    then
      return query
      update tasker.workflow_steps s
      set in_process = true,
          attempts = coalesce(s.attempts, 0) + 1,
          last_attempted_at = timezone('utc', now()),
          updated_at = timezone('utc', now())
      where s.workflow_step_uuid = p_step_uuid
      returning true, s.workflow_step_uuid, s.task_uuid, s.attempts, s.inputs, s.checkpoint;
      return;
    end if;
  end if;
  return query select false, p_step_uuid, null::uuid, null::integer, null::jsonb, null::jsonb;
end
$$;

comment on function tasker.tasker_claim_and_execute_step(uuid, uuid, uuid) is
  'Takes an enqueued step for one worker; always one row, which says whether it was claimed';

create or replace function tasker.set_step_backoff_atomic(p_step_uuid uuid, p_backoff_seconds integer)
  returns boolean
  language plpgsql
  set search_path = tasker, pg_temp
as $$
begin
  update tasker.workflow_steps s
  set backoff_request_seconds = p_backoff_seconds,
      last_attempted_at = timezone('utc', now()),
      updated_at = timezone('utc', now())
  where s.workflow_step_uuid = p_step_uuid;
  return found;
end
$$;

comment on function tasker.set_step_backoff_atomic(uuid, integer) is
  'Asks for a pause, counted from now, before the next attempt of a step; false for an unknown step';
