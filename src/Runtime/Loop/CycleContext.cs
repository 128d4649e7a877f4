namespace EdgeAutonomy.Runtime;

/// <summary>All that a stage may know about the present cycle. There is no other way for a stage to see time or chance.</summary>
/// <remarks>Frozen for the cycle, except <see cref="Budget"/>, <see cref="Random"/> and <see cref="StageIndex"/>, which belong to the stage.</remarks>
public struct CycleContext
{
    // The runner changes these three in place from stage to stage; copying the whole context 17 times a cycle cost 0.1 us.
    internal Duration StageBudget;
    internal RandomStream StageRandom;
    internal int Stage;

    /// <summary>Gets the dense number of the cycle, from 0.</summary>
    public ulong CycleId { get; init; }

    /// <summary>Gets the logical time of the cycle: its scheduled deadline, not the moment the thread woke.</summary>
    public Stamp Now { get; init; }

    /// <summary>Gets the time since the previous cycle's tag; a multiple of the period after skipped slots. Zero in the first cycle.</summary>
    public Duration Dt { get; init; }

    /// <summary>Gets the time this stage may take; <see cref="Duration.Unlimited"/> when none is set.</summary>
    public Duration Budget { readonly get => StageBudget; init => StageBudget = value; }

    /// <summary>Gets the quality an anytime stage should reach, in [0, 1]; lower rungs ask for less.</summary>
    public float QualityTarget { get; init; }

    /// <summary>Gets the health rung in force at the start of the cycle.</summary>
    public Rung Rung { get; init; }

    /// <summary>Gets the stage's position in the loop, 0 = sense.</summary>
    public int StageIndex { readonly get => Stage; init => Stage = value; }

    /// <summary>Gets the random stream of this stage, seeded from the run's seed and the stage's name.</summary>
    public RandomStream Random { readonly get => StageRandom; init => StageRandom = value; }
}
