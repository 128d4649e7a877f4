using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>A network as a NIR graph.</summary>
/// <param name="Graph">The graph.</param>
public sealed record NirModel(NirGraph Graph) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => ".nir";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        NirFile.Write(path, Graph);
        return [path];
    }
}
