namespace EdgeAutonomy.Perception;

/// <summary>Recorded readouts with labels, to calibrate policies with and to judge them by.</summary>
public sealed class ExitTraces
{
    private readonly float[] _readouts;
    private readonly int[] _labels;

    /// <summary>Makes the record; the arrays are not copied and must not change any more.</summary>
    /// <param name="readouts">[sample, step, class], the class fastest: the readout over all steps so far, as the policy will see it.</param>
    /// <param name="steps">Steps of each sample, 1 or more.</param>
    /// <param name="classes">Classes, 2 to 128.</param>
    /// <param name="labels">The true class of each sample; at least one.</param>
    /// <exception cref="ArgumentException">The lengths disagree, a label is none, or a readout is not finite.</exception>
    public ExitTraces(float[] readouts, int steps, int classes, int[] labels)
    {
        OptionRange.Check(steps >= 1, nameof(ExitTraces), nameof(steps), steps, "must be 1 or more");
        OptionRange.Check(classes is >= 2 and <= ClassSet.MaxClasses, nameof(ExitTraces), nameof(classes), classes, "must be in [2, 128]");
        if (labels.Length == 0 || (long)labels.Length * steps * classes != readouts.Length)
        {
            throw new ArgumentException($"ExitTraces: {labels.Length} labels with {steps} steps of {classes} classes need {(long)labels.Length * steps * classes} readouts, {readouts.Length} are given; at least one sample is needed.", nameof(readouts));
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes) throw new ArgumentException($"ExitTraces: label {i} is {labels[i]}; must be in [0, {classes}).", nameof(labels));
        }
        int bad = Array.FindIndex(readouts, r => !float.IsFinite(r));
        if (bad >= 0) throw new ArgumentException($"ExitTraces: readout {bad} is {readouts[bad]}; must be finite.", nameof(readouts));
        Steps = steps;
        Classes = classes;
        _readouts = readouts;
        _labels = labels;
    }

    /// <summary>Gets how many samples there are.</summary>
    public int Samples => _labels.Length;

    /// <summary>Gets the steps of each sample.</summary>
    public int Steps { get; }

    /// <summary>Gets the classes.</summary>
    public int Classes { get; }

    /// <summary>Gets the true class of each sample.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Returns the readout of a sample after so many steps.</summary>
    /// <param name="sample">From 0.</param>
    /// <param name="steps">From 1.</param>
    public ReadOnlySpan<float> After(int sample, int steps) => _readouts.AsSpan((int)(((long)sample * Steps + steps - 1) * Classes), Classes);
}
