namespace EdgeAutonomy.Agents;

/// <summary>Where a robot keeps its model and its update across restarts. One thread.</summary>
public interface IFederatedStore
{
    /// <summary>Keeps a content.</summary>
    /// <param name="name">Its name, of [a-z].</param>
    /// <param name="content">The content; copied.</param>
    /// <returns>True when it is durable. False: nothing may be sent that depends on it.</returns>
    bool TryPut(string name, ReadOnlySpan<byte> content);

    /// <summary>Returns a content; null = there is none, or it is damaged.</summary>
    /// <param name="name">Its name.</param>
    byte[]? Get(string name);

    /// <summary>Forgets a content. May come back after a crash.</summary>
    void Remove(string name);
}
