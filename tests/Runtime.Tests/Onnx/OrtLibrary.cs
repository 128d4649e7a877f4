using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

/// <summary>Finds the library of ONNX Runtime that `./edge setup` puts into artifacts/onnxruntime; skips where it is absent.</summary>
internal static class OrtLibrary
{
    public static string Require()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "onnxruntime", "libonnxruntime.so.1");
        Skip.IfNot(File.Exists(path), "libonnxruntime.so.1 is absent; `./edge setup` puts it into artifacts/onnxruntime where the npm registry answers.");
        return path;
    }

    public static InferenceOptions Options(InferenceChoice choice = InferenceChoice.Onnx) => new() { Engine = choice, LibraryPath = Require() };

    public static OnnxRuntimeEngine Load(OnnxModel model, string source = "model") =>
        OnnxRuntimeEngine.TryCreate(model.Write(), source, Options(), f => Assert.Fail(f.Message))!;
}
