namespace EdgeAutonomy.Perception;

/// <summary>Keeps what a population sent in the step before, for the edges that close a loop.</summary>
internal sealed class Latch(SignalLayout layout, SignalKind kind, Kernels kernels) : Operation
{
    private Signal? _source;

    /// <summary>Gets the signal of the step before; nothing in the first step.</summary>
    internal Signal Output { get; } = new(layout, kind, kernels);

    /// <summary>Says whose signal to keep.</summary>
    internal void Attach(Signal source) => _source = source;

    /// <summary>Runs before everything else in a step, while the source still holds what it sent last.</summary>
    internal override void Run() => Output.CopyFrom(_source!);

    internal override void Reset() => Output.Clear();
}
