namespace EdgeAutonomy.Perception;

/// <summary>What a population is made from.</summary>
internal sealed record PopulationSpec(string Name, NirNodeType Type, SignalLayout Layout, int[] Shape)
{
    internal FireModel Model { get; init; } = FireModel.Stateless;

    internal FireReset Reset { get; init; } = FireReset.None;

    internal FireOutput Output { get; init; } = FireOutput.Value;

    internal required PopulationCoefficients Coefficients { get; init; }

    internal float Levels { get; init; }

    internal float Floor { get; init; } = float.NegativeInfinity;

    internal bool HasProbe { get; init; }

    internal SignalKind Kind => Output switch { FireOutput.Spike => SignalKind.Binary, FireOutput.Value => SignalKind.Real, _ => SignalKind.Counts };

    /// <summary>Gets the floats of state per neuron.</summary>
    internal int StateFloats => Model switch
    {
        FireModel.Stateless => 0,
        FireModel.Direct => 1,
        FireModel.Current or FireModel.OldCurrent or FireModel.Literal => 2,
        _ => 3,
    } + (Reset is FireReset.Pending or FireReset.Delayed ? 1 : 0);
}
