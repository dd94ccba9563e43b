-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Which steps can run now: the rules for one step, then all of them for the steps of tasks.

-- A wait that was asked for counts; without one, the pause doubles with each attempt. Without a cap
-- it may become longer than a number or an interval can be, which is an error.
create or replace function tasker.calculate_step_next_retry_time(
    backoff_request_seconds integer, last_attempted_at timestamp, failure_time timestamp, attempts integer,
    p_max_backoff_seconds integer default 60, p_backoff_multiplier numeric default 2.0)
  returns timestamp
  language sql stable
return case
  when backoff_request_seconds is not null and last_attempted_at is not null then
    last_attempted_at + make_interval(secs => backoff_request_seconds)
  when failure_time is not null then
    -- Rounded to microseconds, as an interval is: what is closer to 0 may be out of range of a double.
    failure_time + make_interval(secs => round(case
      -- Compared by logarithms: the power may have more digits than a number can hold.
      when p_backoff_multiplier > 0 and p_max_backoff_seconds is not null
          and coalesce(attempts, 1) * ln(p_backoff_multiplier) >= ln(greatest(p_max_backoff_seconds, 1)) then
        p_max_backoff_seconds
      else
        least(p_backoff_multiplier ^ coalesce(attempts, 1), p_max_backoff_seconds)
    end, 6)::double precision)
end;

comment on function tasker.calculate_step_next_retry_time(integer, timestamp, timestamp, integer, integer, numeric) is
  'When a step may be tried again; null if nothing asks for a pause';

-- Not strict: an answer that is missing is missing in the result, unless another one says no.
-- "retryable" is already part of retry_eligible; the parameter stays for other implementations.
create or replace function tasker.evaluate_step_state_readiness(
    current_state text, processed boolean, in_process boolean, dependencies_satisfied boolean,
    retry_eligible boolean, retryable boolean, next_retry_time timestamp)
  returns boolean
  language sql stable
return coalesce(current_state, 'pending') in ('pending', 'waiting_for_retry')
  and processed is not true
  and in_process is not true
  and dependencies_satisfied
  and retry_eligible
  and (next_retry_time is null or next_retry_time <= timezone('utc', now()));

comment on function
  tasker.evaluate_step_state_readiness(text, boolean, boolean, boolean, boolean, boolean, timestamp) is
  'Whether a step can run now';

-- Parents are looked up by the edges, and never among the rows that are asked for: a filter must not
-- hide them.
--
-- "limit 1" is a fence: each current transition is one look into an index, also while the statistics
-- of the tables are poor. Without it the planner may read all transitions, once for every step.
create or replace function tasker.get_step_readiness_status_batch(
    input_task_uuids uuid[], step_uuids uuid[] default null)
  returns table (
    workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, name text, current_state text,
    dependencies_satisfied boolean, retry_eligible boolean, ready_for_execution boolean,
    last_failure_at timestamp, next_retry_at timestamp, total_parents integer, completed_parents integer,
    attempts integer, max_attempts integer, backoff_request_seconds integer, last_attempted_at timestamp)
  language sql stable
as $$
  select s.workflow_step_uuid, s.task_uuid, s.named_step_uuid, ns.name::text, state.name,
    parents.completed = parents.total, retry.eligible,
    tasker.evaluate_step_state_readiness(
      state.name, s.processed, s.in_process, parents.completed = parents.total, retry.eligible, s.retryable, retry.at),
    failure.at, retry.at, parents.total, parents.completed,
    retry.attempts, retry.max_attempts, s.backoff_request_seconds, s.last_attempted_at
  from tasker.workflow_steps s
  join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
  left join lateral (
    select c.to_state
    from tasker.workflow_step_transitions c
    where c.workflow_step_uuid = s.workflow_step_uuid and c.most_recent = true
    limit 1) tr on true
  cross join lateral (
    select coalesce(tr.to_state, 'pending')::text as name) state
  cross join lateral (
    -- One for each edge, not for each parent.
    select count(*)::integer as total,
      (count(*) filter (where ptr.to_state in ('complete', 'resolved_manually')))::integer as completed
    from tasker.workflow_step_edges e
    left join lateral (
      select c.to_state
      from tasker.workflow_step_transitions c
      where c.workflow_step_uuid = e.from_step_uuid and c.most_recent = true
      limit 1) ptr on true
    where e.to_step_uuid = s.workflow_step_uuid) parents
  cross join lateral (
    select max(ftr.created_at)::timestamp as at
    from tasker.workflow_step_transitions ftr
    where ftr.workflow_step_uuid = s.workflow_step_uuid and ftr.to_state = 'error') failure
  cross join lateral (
    select coalesce(s.attempts, 0) as attempts,
      coalesce(s.max_attempts, 3) as max_attempts,
      -- The first attempt is owed to every step.
      coalesce(s.attempts, 0) = 0
        or s.retryable and coalesce(s.attempts, 0) < coalesce(s.max_attempts, 3) as eligible,
      tasker.calculate_step_next_retry_time(
        s.backoff_request_seconds, s.last_attempted_at, failure.at, coalesce(s.attempts, 0)) as at) retry
  where s.task_uuid = any (input_task_uuids)
    and (step_uuids is null or s.workflow_step_uuid = any (step_uuids))
  order by s.task_uuid, s.workflow_step_uuid
$$;

comment on function tasker.get_step_readiness_status_batch(uuid[], uuid[]) is
  'What the steps of some tasks wait for; a second array, if not null, limits the steps';

create or replace function tasker.get_step_readiness_status(input_task_uuid uuid, step_uuids uuid[] default null)
  returns table (
    workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, name text, current_state text,
    dependencies_satisfied boolean, retry_eligible boolean, ready_for_execution boolean,
    last_failure_at timestamp, next_retry_at timestamp, total_parents integer, completed_parents integer,
    attempts integer, max_attempts integer, backoff_request_seconds integer, last_attempted_at timestamp)
  language sql stable
as $$
  select r.* from tasker.get_step_readiness_status_batch(array[input_task_uuid], step_uuids) r
$$;

comment on function tasker.get_step_readiness_status(uuid, uuid[]) is
  'What the steps of a task wait for; an array, if not null, limits the steps';
