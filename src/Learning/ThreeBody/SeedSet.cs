namespace EdgeAutonomy.Learning;

/// <summary>Which seeds an environment accepts, so that no run trains on what it is tested on.</summary>
/// <remarks>The published code trains on 0…999 and evaluates on 0…99, so its test set lies inside its training set. Ours are disjoint.</remarks>
public enum SeedSet
{
    /// <summary>Every seed.</summary>
    Any,

    /// <summary>1 000 … 1 000 000: training.</summary>
    Training,

    /// <summary>100 … 199: choice of rung, tolerance, checkpoint and settings.</summary>
    Validation,

    /// <summary>0 … 99: the published evaluation set.</summary>
    TestA,

    /// <summary>200 … 299: the confirmatory test set.</summary>
    TestB,

    /// <summary>0 … 999: what the published code trains on, for its reproduction only.</summary>
    PublishedTraining,
}
