namespace EdgeAutonomy.Host;

/// <summary>The world that tasks change, as the last thing between a robot's decision and the fact: refuses fencing tokens that are old.</summary>
internal interface ITaskEffects
{
    /// <summary>Does what the task is about.</summary>
    /// <param name="task">The task.</param>
    /// <param name="token">The fencing token; 0 for a task that needs none.</param>
    /// <returns>False when the token is older than one seen before.</returns>
    bool TryDo(string task, ulong token);

    /// <summary>Returns whether a task was done, by anybody.</summary>
    bool WasDone(string task);
}
