namespace EdgeAutonomy.Learning;

/// <summary>How wide a candidate-scoring network is (notes G.2).</summary>
public sealed record CandidateNetworkOptions
{
    /// <summary>Gets the units of the encoder of the state, in [1, 1024]; default 64.</summary>
    public int Encoder { get; init; } = 64;

    /// <summary>Gets the units of the memory over events, in [1, 1024]; default 64.</summary>
    public int Memory { get; init; } = 64;

    /// <summary>Gets the units of the scorer's first layer, in [1, 1024]; default 128.</summary>
    public int First { get; init; } = 128;

    /// <summary>Gets the units of the scorer's second layer, in [1, 1024]; default 64.</summary>
    public int Second { get; init; } = 64;

    /// <summary>Gets the units of the critic, in [1, 1024]; default 64.</summary>
    public int Value { get; init; } = 64;

    /// <summary>Gets whether the critic sees the memory; default true. False is for the comparison of recurrent attribution with a memoryless critic.</summary>
    public bool CriticSeesMemory { get; init; } = true;

    internal string Description => FormattableString.Invariant($"{Encoder} {Memory} {First} {Second} {Value} {CriticSeesMemory}");

    internal void Check()
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)[(nameof(Encoder), Encoder), (nameof(Memory), Memory), (nameof(First), First), (nameof(Second), Second), (nameof(Value), Value)])
        {
            if (value is < 1 or > 1024) throw new ArgumentOutOfRangeException(name, $"Candidate network: {name} is {value}; must be in [1, 1024].");
        }
    }
}
