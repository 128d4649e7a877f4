using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Shows a replay as if it were live.</summary>
/// <param name="Cycle">Told of every record that is run again.</param>
/// <param name="Map">Told of every recorded map.</param>
internal sealed record ReplayWatch(Action<LoopDescription, ReadOnlyMemory<byte>> CycleSink, Action<ReadOnlyMemory<byte>> MapSink)
{
}
