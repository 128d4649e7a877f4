namespace EdgeAutonomy.Perception;

/// <summary>Decides after each step of a spiking network whether it has seen enough.</summary>
/// <remarks>
/// Policies have no state: the same call gives the same answer, on every machine. They do not allocate, and any number of threads may ask.
/// A readout that is not finite counts as the least possible; ties go to the lower class number.
/// </remarks>
public interface IExitPolicy
{
    /// <summary>Decides; to be called after every step, so that no checkpoint is passed unseen.</summary>
    /// <param name="steps">Steps done, from 1.</param>
    /// <param name="maxSteps">Steps that can be done at most; at this one every policy stops.</param>
    /// <param name="readout">One number a class: spikes counted, or potentials summed or averaged, over the steps done; the kind that the policy was calibrated with. 1 to 128 classes.</param>
    /// <exception cref="ArgumentException">There are no classes, more than 128, or another number than the policy was calibrated with.</exception>
    ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout);

    /// <summary>Tells whether the set given after so many steps replaces the one before; between its checkpoints a policy knows nothing new.</summary>
    /// <param name="steps">Steps done, from 1.</param>
    bool IsCheckpoint(int steps) => true;
}
