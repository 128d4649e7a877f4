namespace EdgeAutonomy.Learning;

/// <summary>A model whose file is finished: an ONNX network of continuous actions, say.</summary>
/// <param name="FileEnding">How the name of its file ends, such as ".onnx".</param>
/// <param name="Content">The file's bytes.</param>
public sealed record ByteModel(string FileEnding, byte[] Content) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => FileEnding;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        File.WriteAllBytes(path, Content);
        return [path];
    }
}
