namespace EdgeAutonomy.Learning;

/// <summary>How much a motion kernel is trained. Immutable.</summary>
public sealed record MotionRecipe
{
    /// <summary>Gets how many movies to learn from.</summary>
    public int TrainingMovies { get; init; } = 240;

    /// <summary>Gets how many other movies to judge by.</summary>
    public int TestMovies { get; init; } = 60;

    /// <summary>Gets about how many events of a training movie are learned from.</summary>
    public int PatchesPerMovie { get; init; } = 600;

    /// <summary>Gets about how many events of a test movie are judged.</summary>
    public int TestPatchesPerMovie { get; init; } = 1500;

    /// <summary>Gets how often training goes over all patches.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Gets the same after pruning, for the synapses that are left.</summary>
    public int PrunedEpochs { get; init; } = 5;

    /// <summary>Gets the same for a kernel of less depth, trained anew.</summary>
    public int DepthEpochs { get; init; } = 8;

    /// <summary>Gets the patches of a batch.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Gets Adam's greatest rate; it falls to zero along half a cosine.</summary>
    public float Rate { get; init; } = 5e-3f;

    /// <summary>Gets the weight of Σ|w|, divided by the batch.</summary>
    public float L1 { get; init; } = 1e-4f;

    /// <summary>Gets a recipe for tests and a first look: half of the data.</summary>
    public static MotionRecipe Quick { get; } = new() { TrainingMovies = 160, TestMovies = 40, PatchesPerMovie = 500, TestPatchesPerMovie = 1000, Epochs = 10, PrunedEpochs = 4, DepthEpochs = 6 };
}
