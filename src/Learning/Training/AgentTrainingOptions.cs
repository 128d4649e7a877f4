namespace EdgeAutonomy.Learning;

/// <summary>How an agent's training is run, judged and kept.</summary>
public sealed record AgentTrainingOptions
{
    /// <summary>The first seed of episodes for validation.</summary>
    public const ulong FirstValidationSeed = 20_000;

    /// <summary>The first seed of episodes for the test.</summary>
    public const ulong FirstTestSeed = 10_000;

    /// <summary>Gets the environment steps, at least 1.</summary>
    public required long Steps { get; init; }

    /// <summary>Gets every how many environment steps the actor is validated, at least 1; default 2000. It is validated after the last step as well.</summary>
    public long ValidateEvery { get; init; } = 2000;

    /// <summary>Gets the episodes of a validation, 1 … 100 (they end before those of no other set begin); default 20.</summary>
    public int ValidationEpisodes { get; init; } = 20;

    /// <summary>Gets the episodes of the test, 1 … 500; default 100.</summary>
    public int TestEpisodes { get; init; } = 100;

    /// <summary>Gets where the state is kept after each validation and on cancelling, and found again; null = nowhere.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Gets what is told how far the work is, 0 … 1, and what is being done.</summary>
    public Action<double, string> Progress { get; init; } = (_, _) => { };

    internal void Check()
    {
        Require(Steps >= 1, nameof(Steps), Steps, "1 or more");
        Require(ValidateEvery >= 1, nameof(ValidateEvery), ValidateEvery, "1 or more");
        Require(ValidationEpisodes is >= 1 and <= 100, nameof(ValidationEpisodes), ValidationEpisodes, "in [1, 100]");
        Require(TestEpisodes is >= 1 and <= 500, nameof(TestEpisodes), TestEpisodes, "in [1, 500]");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Training of an agent: {name} is {value}; must be {rule}."));
    }
}
