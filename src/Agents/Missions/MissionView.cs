namespace EdgeAutonomy.Agents;

/// <summary>A mission in numbers, as a policy sees it before one decision. Filled by <see cref="IMission.Describe"/>; reused from step to step.</summary>
/// <remarks>Everything comes from what the agent was told or saw; nothing hidden enters. Not thread-safe.</remarks>
/// <param name="shape">The widths.</param>
public sealed class MissionView(MissionShape shape)
{
    private float[] _candidates = [];
    private bool[] _executable = [];

    /// <summary>Gets the widths.</summary>
    public MissionShape Shape { get; } = shape;

    /// <summary>Gets goal, belief and time; [State].</summary>
    public float[] State { get; } = new float[shape.State];

    /// <summary>Gets what the last step did and showed; [Event], zeros before the first one.</summary>
    public float[] Event { get; } = new float[shape.Event];

    /// <summary>Gets how many candidates there are.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the candidates; [Count, Candidate], row after row.</summary>
    public Span<float> Candidates => _candidates.AsSpan(0, Count * Shape.Candidate);

    /// <summary>Gets which candidates can be carried out as far as the world model knows; [Count].</summary>
    public Span<bool> Executable => _executable.AsSpan(0, Count);

    /// <summary>Returns one candidate's numbers, to read or to fill.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    public Span<float> Candidate(int index) => _candidates.AsSpan(index * Shape.Candidate, Shape.Candidate);

    /// <summary>Makes room for candidates, all zeros and none executable.</summary>
    /// <param name="count">How many; not negative.</param>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (_executable.Length < count)
        {
            Array.Resize(ref _executable, Math.Max(count, 2 * _executable.Length));
            Array.Resize(ref _candidates, _executable.Length * Shape.Candidate);
        }
        Count = count;
        Candidates.Clear();
        Executable.Clear();
    }
}
