namespace EdgeAutonomy.Agents;

/// <summary>Waiting in the time of a <see cref="TimeProvider"/>, so that virtual time in tests and simulation works as real time does.</summary>
internal static class TimeLimit
{
    /// <summary>Waits for work, but not for longer than allowed.</summary>
    /// <param name="work">The work; it goes on when it is given up.</param>
    /// <param name="limit">The longest wait; none when infinite.</param>
    /// <param name="time">The clock.</param>
    /// <param name="hop">Whether the waiting code continues on a thread of its own, and not inside whatever ended the wait.</param>
    /// <param name="giveUp">Ends the wait early.</param>
    /// <returns>Whether the work ended.</returns>
    public static async Task<bool> EndsWithinAsync(Task work, TimeSpan limit, TimeProvider time, bool hop, CancellationToken giveUp)
    {
        if (work.IsCompleted) return true;
        if (giveUp.IsCancellationRequested || limit != Timeout.InfiniteTimeSpan && limit <= TimeSpan.Zero) return false;
        var ended = new TaskCompletionSource<bool>(hop ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        using var stop = giveUp.Register(() => ended.TrySetResult(false));
        using var timer = time.CreateTimer(_ => ended.TrySetResult(false), null, limit, Timeout.InfiniteTimeSpan);
        _ = work.ContinueWith(_ => ended.TrySetResult(true), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await ended.Task.ConfigureAwait(false);
    }

    /// <summary>Waits.</summary>
    /// <returns>Whether the whole time passed.</returns>
    public static async Task<bool> PassAsync(TimeSpan wait, TimeProvider time, bool hop, CancellationToken giveUp)
    {
        if (wait > TimeSpan.Zero) await EndsWithinAsync(new TaskCompletionSource().Task, wait, time, hop, giveUp).ConfigureAwait(false);
        return !giveUp.IsCancellationRequested;
    }
}
