namespace EdgeAutonomy.Agents;

/// <summary>A message of quality 1 in a link's outbox. Owns one count of it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Waiter">Who waits for its outcome.</param>
/// <param name="Deadline">When a command is too old to go out, or its answer too late, in the hub's time.</param>
/// <param name="Counted">False for what counts no more: a repetition of a state, birth and farewell, what was settled at its deadline.</param>
internal readonly record struct OutboxEntry(HubMessage Message, TaskCompletionSource<PublishResult>? Waiter, long Deadline, bool Counted);
