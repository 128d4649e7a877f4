namespace EdgeAutonomy.Perception;

/// <summary>Runs a policy inside an anytime stage: it stops when the policy says so, and when the loop's budget is over.</summary>
/// <remarks>
/// <para>The loop calls <see cref="IAnytimePerceiver{TSample,TPercept}.Refine"/> for as long as the stage has time, and tells the stage nothing when it has none left.
/// So the percept must hold the best answer after every quantum. In Perceive: <see cref="Begin"/>, some steps, each followed by <see cref="Observe"/>, and
/// <see cref="Answer"/> into the percept. In Refine: the same without Begin, and <see cref="Result"/> as the result.</para>
/// <para>The quality reported is the share of steps done, and 1 once the policy has stopped. It grows with every quantum, so that the loop does not take the
/// stage for stalled; a lower <see cref="CycleContext.QualityTarget"/> asks for fewer steps; and <see cref="AnytimeOptions.QualityFloor"/> is the share of steps below
/// which an undecided answer counts as degraded. One thread at a time; allocation-free; the state lasts from Begin to the next Begin.</para>
/// </remarks>
/// <param name="policy">The policy.</param>
/// <param name="maxSteps">Steps that can be done at most.</param>
/// <param name="classes">How many classes the readout has, 1 to 128.</param>
public sealed class AnytimeExit(IExitPolicy policy, int maxSteps, int classes)
{
    private readonly int _maxSteps = maxSteps >= 1 ? maxSteps : throw new ArgumentOutOfRangeException(nameof(maxSteps), $"AnytimeExit:maxSteps is {maxSteps}; must be 1 or more.");
    private readonly int _classes = classes is >= 1 and <= ClassSet.MaxClasses ? classes : throw new ArgumentOutOfRangeException(nameof(classes), $"AnytimeExit:classes is {classes}; must be in [1, 128].");
    private ExitDecision _standing = new(ExitReason.None, -1, ClassSet.First(classes));

    /// <summary>Gets the steps done since <see cref="Begin"/>.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets whether the policy has stopped; further steps change nothing.</summary>
    public bool IsDone => _standing.IsStop;

    /// <summary>Gets the answer that stands: the policy's, or, while it has not stopped, the class so far with <see cref="ExitReason.Budget"/> and the classes
    /// that the last checkpoint left (all of them before the first).</summary>
    public ExitDecision Answer => IsDone ? _standing : _standing with { Reason = ExitReason.Budget };

    /// <summary>Gets what Refine has to return.</summary>
    public RefineResult Result => IsDone ? new(RefineProgress.Converged, 1) : new(RefineProgress.Improved, (float)Steps / _maxSteps);

    /// <summary>Returns how many steps one quantum needs so that all fit into a call of Perceive and the most calls of Refine.</summary>
    /// <param name="maxSteps">Steps that can be done at most.</param>
    /// <param name="options">How far the loop refines.</param>
    public static int StepsPerQuantum(int maxSteps, AnytimeOptions options) => Math.Max(1, (int)((maxSteps + (long)options.MaxRefines) / (options.MaxRefines + 1L)));

    /// <summary>Starts over, before the first step.</summary>
    public void Begin()
    {
        Steps = 0;
        _standing = new(ExitReason.None, -1, ClassSet.First(_classes));
    }

    /// <summary>Takes the readout after a step; once it has stopped, only repeats the decision.</summary>
    /// <param name="readout">One number a class, over the steps done.</param>
    /// <exception cref="ArgumentException">The readout has another number of classes.</exception>
    public ExitDecision Observe(ReadOnlySpan<float> readout)
    {
        if (readout.Length != _classes) throw new ArgumentException($"The readout has {readout.Length} classes, must have {_classes}.", nameof(readout));
        if (IsDone) return _standing;
        Steps++;
        var decision = policy.Decide(Steps, _maxSteps, readout);
        // Where a policy makes no set of its own, the one before still holds: Bonferroni covers all checkpoints at once.
        _standing = policy.IsCheckpoint(Steps) ? decision : decision with { Set = _standing.Set };
        return _standing;
    }
}
