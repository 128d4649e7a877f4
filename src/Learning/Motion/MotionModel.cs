using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>The motion kernel that ships.</summary>
public sealed class MotionModel : ITraining
{
    /// <inheritdoc/>
    public string Name => "motion";

    /// <inheritdoc/>
    public string Summary => "Tells direction and speed of motion in a tile of an event camera's image from synapses with delays.";

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        // A minute's work: nothing to go on from.
        if (checkpoint is not null) throw new InvalidDataException("motion is trained within minutes and keeps no checkpoint; leave --checkpoint out.");
        var made = new MotionTraining().Run(context);
        return new TrainingOutcome(
            MotionKernelFile.ToGraph(made.Kernel), FormattableString.Invariant($"moving textures of seed {context.Seed}, tested on others"), "tiles whose direction is right within 20 degrees", made.TilesWithin20, []);
    }
}
