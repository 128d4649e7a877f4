namespace EdgeAutonomy.Learning;

/// <summary>Why an integration stopped.</summary>
public enum IntegrationOutcome
{
    /// <summary>The end time is reached.</summary>
    Reached,

    /// <summary>The step fell below 1e-12 of the time, or is not a finite number: a collision or a state that blew up.</summary>
    NoProgress,

    /// <summary>A coordinate became NaN or infinite.</summary>
    NotFinite,

    /// <summary>The limit of steps of one call is used up.</summary>
    StepLimit,
}
