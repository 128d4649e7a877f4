using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The smallest payload: how many stages it went through.</summary>
/// <param name="Hops">Stages so far.</param>
internal readonly record struct BenchToken(ulong Hops) : IPayload
{
    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => hasher.Add(Hops);
}
