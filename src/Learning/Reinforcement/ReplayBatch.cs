namespace EdgeAutonomy.Learning;

/// <summary>Transitions drawn from a <see cref="ReplayBuffer"/>; the arrays are filled anew by each draw.</summary>
/// <remarks>A transition is worth reward − decision cost · <see cref="Decisions"/> − energy price · <see cref="Energies"/> + <see cref="Discounts"/> · value of its next state. Costs
/// stay out of the reward, so that changing them never makes stored transitions wrong.</remarks>
public sealed class ReplayBatch
{
    /// <summary>Makes room for a batch.</summary>
    /// <param name="size">Transitions, at least 1.</param>
    /// <param name="observationWidth">Numbers per observation, at least 1.</param>
    /// <param name="actionWidth">Numbers per action, at least 1.</param>
    /// <param name="maskedChoices">Actions in the mask of a next state; 0 = nothing is masked.</param>
    /// <param name="presentMasks">Whether masks of the states that were acted on are asked for as well.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or that of the actions below 0.</exception>
    public ReplayBatch(int size, int observationWidth, int actionWidth, int maskedChoices = 0, bool presentMasks = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maskedChoices);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(observationWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(actionWidth, 1);
        (Observations, NextObservations, Actions) = (new float[size * observationWidth], new float[size * observationWidth], new float[size * actionWidth]);
        NextAllowed = new bool[size * maskedChoices];
        Allowed = new bool[presentMasks ? size * maskedChoices : 0];
        (Rewards, Discounts, Decisions, Energies, Weights, Indices) = (new float[size], new float[size], new float[size], new float[size], new float[size], new int[size]);
    }

    /// <summary>Gets how many transitions there are.</summary>
    public int Size => Indices.Length;

    /// <summary>Gets what was seen, [transition, observation].</summary>
    public float[] Observations { get; }

    /// <summary>Gets what was done, [transition, action].</summary>
    public float[] Actions { get; }

    /// <summary>Gets what was seen after the last of the steps, [transition, observation].</summary>
    public float[] NextObservations { get; }

    /// <summary>Gets which actions were allowed in the states that were acted on, [transition, action]; empty where nobody asked.</summary>
    public bool[] Allowed { get; }

    /// <summary>Gets which actions are allowed in the next states, [transition, action]; empty where nothing is masked.</summary>
    public bool[] NextAllowed { get; }

    /// <summary>Gets Σ γ^t·r over the steps, [transition].</summary>
    public float[] Rewards { get; }

    /// <summary>Gets the factor of the next state's value, [transition]: γ^ticks, or 0 after a real end. After a truncation it is not 0.</summary>
    public float[] Discounts { get; }

    /// <summary>Gets Σ γ^t over the decisions, [transition]; 1 for single steps.</summary>
    public float[] Decisions { get; }

    /// <summary>Gets Σ γ^t·joules over the steps, [transition].</summary>
    public float[] Energies { get; }

    /// <summary>Gets the importance weights, [transition], in (0, 1]; all 1 for uniform draws.</summary>
    public float[] Weights { get; }

    /// <summary>Gets where the transitions lie in the buffer, [transition].</summary>
    public int[] Indices { get; }
}
