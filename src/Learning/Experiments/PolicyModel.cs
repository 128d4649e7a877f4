using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>A learned policy that <see cref="LearnedPolicy"/> runs: a card, and a network in ONNX beside it.</summary>
/// <param name="Name">The name on the card.</param>
/// <param name="Schema">What it sees, does and chooses from.</param>
/// <param name="Network">The network, ONNX.</param>
public sealed record PolicyModel(string Name, PolicySchema Schema, byte[] Network) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => PolicyFile.Ending;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        PolicyFile.Write(path, new PolicyCard { Name = Name, Schema = Schema, Command = origin.Command, Seed = origin.Seed, Result = origin.Result }, Network);
        return [path, path[..^Ending.Length] + ".onnx"];
    }
}
