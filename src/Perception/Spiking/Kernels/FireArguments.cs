namespace EdgeAutonomy.Perception;

/// <summary>What one population's pass works on. State arrays have Count elements; coefficients repeat with Period, which divides Count. Both are multiples of 16.</summary>
internal unsafe struct FireArguments
{
    /// <summary>The membranes; in <see cref="FireModel.Direct"/> already decayed and with this step's input, before the pass.</summary>
    internal float* Membrane;

    /// <summary>Where synapses add, when that is not the membrane.</summary>
    internal float* Input;

    /// <summary>The synaptic current, where the input is kept apart from it.</summary>
    internal float* Current;

    /// <summary>θ where the membrane was above threshold after the step before, else 0; only for <see cref="FireReset.Pending"/> and <see cref="FireReset.Delayed"/>.</summary>
    internal float* Pending;

    /// <summary>What comes out, where that is more than a bit.</summary>
    internal float* Values;

    /// <summary>Where the membranes after the reset are shown; null = nowhere.</summary>
    internal float* Probe;

    /// <summary>One bit per neuron whose output is not 0.</summary>
    internal ushort* Bits;

    /// <summary>v ← A·v + B + G·input.</summary>
    internal float* A, B, G;

    /// <summary>I ← CurrentA·I + CurrentB + CurrentG·input.</summary>
    internal float* CurrentA, CurrentB, CurrentG;

    /// <summary>The threshold; what a membrane must exceed, one float less where reaching the threshold is enough; where a reset sets it.</summary>
    internal float* Theta, Bar, Target;

    internal int Count, Period;

    /// <summary>The most that an integer spike can count.</summary>
    internal float Levels;

    /// <summary>The least potential; −∞ = none.</summary>
    internal float Floor;
}
