namespace EdgeAutonomy.Agents;

/// <summary>Where promises survive a restart. A promise is kept here <b>before</b> the message that depends on it is sent.</summary>
/// <remarks>One thread. Keys are ordered ordinally, so that whatever walks over them replays.</remarks>
public interface IPromiseStore
{
    /// <summary>The most promises kept; further ones are refused, which costs availability and never correctness.</summary>
    const int Capacity = 16_384;

    /// <summary>Gets whether nothing was there when it was opened: a new robot, or one that lost its disk. It cannot tell which, so it must not vote until it is admitted.</summary>
    bool IsFresh { get; }

    /// <summary>Gets how many promises are kept.</summary>
    int Count { get; }

    /// <summary>Gets how many promises could not be kept.</summary>
    long Failures { get; }

    /// <summary>Finds a promise.</summary>
    bool TryGet(string key, out Promise promise);

    /// <summary>Keeps a promise.</summary>
    /// <returns>True when it is durable. False: nothing may be sent that depends on it.</returns>
    bool TryPut(string key, Promise promise);

    /// <summary>Forgets a promise. May come back after a crash.</summary>
    void Remove(string key);

    /// <summary>Returns the keys that begin with a text, in order.</summary>
    IReadOnlyList<string> Keys(string prefix);
}
