namespace EdgeAutonomy.Agents;

/// <summary>A message of quality 1 in a link's outbox. Owns one count of it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Waiter">Who waits for its outcome.</param>
/// <param name="Deadline">When a waiting command is too old, in the hub's time.</param>
/// <param name="Counted">False for a repetition of a state that was counted before.</param>
internal readonly record struct OutboxEntry(HubMessage Message, TaskCompletionSource<PublishResult>? Waiter, long Deadline, bool Counted);
