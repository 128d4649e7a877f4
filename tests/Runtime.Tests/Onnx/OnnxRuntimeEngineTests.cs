using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class OnnxRuntimeEngineTests
{
    private static OnnxModel Small(ulong seed = 1) => Networks.Perceptron(new RandomStream(seed), [3, 5, 2], "Tanh");

    [SkippableFact]
    public void Create_LibraryThere_ReportsNameVersionAndProviders()
    {
        var log = new List<InferenceFinding>();
        using var engine = InferenceEngines.Create(Small().Write(), "policy.onnx", OrtLibrary.Options(InferenceChoice.Auto), log.Add);
        Assert.Equal("onnxruntime", engine.Name);
        Assert.Matches(@"^1\.\d+\.\d+", engine.Version);
        Assert.Equal(["CPU"], engine.ProvidersActive);
        Assert.False(engine.IsReproducible);
        var line = Assert.Single(log);
        Assert.False(line.IsWarning);
        Assert.StartsWith("policy.onnx runs in ONNX Runtime 1.", line.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Run_AnyNetwork_AllocatesNothing()
    {
        using var engine = OrtLibrary.Load(Small());
        Allocations.AssertNone(engine.Run);
    }

    [SkippableFact]
    public void Buffers_OfAnEngine_AreAlignedAndSurviveTheCollector()
    {
        using var engine = OrtLibrary.Load(Small());
        ((float[])[1, 2, 3]).CopyTo(engine.Input());
        engine.Run();
        float[] before = engine.Output().ToArray();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        engine.Run();
        Assert.Equal(before, engine.Output().ToArray());
        unsafe
        {
            fixed (float* x = engine.Input()) Assert.Equal(0, (nint)x % 64);
        }
    }

    [SkippableFact]
    public void Create_ProvidersThatDoNotWorkHere_AreOneLineEachAndTheCpuServes()
    {
        var log = new List<InferenceFinding>();
        var options = OrtLibrary.Options() with { Providers = ["TensorRT", "CUDA", "Abacus", "CPU"] };
        using var engine = InferenceEngines.Create(Small().Write(), "model", options, log.Add);
        Assert.Equal("CPU", engine.ProvidersActive[^1]);
        var lines = log.Where(f => f.IsWarning).ToList();
        // On a machine with a GPU build and a GPU the first two work.
        Assert.Equal(3, lines.Count + engine.ProvidersActive.Count - 1);
        Assert.All(lines, f => Assert.DoesNotContain('\n', f.Message));
        Assert.Contains("Abacus", lines[^1].Message, StringComparison.Ordinal);
        engine.Run();
    }

    [SkippableFact]
    public void Create_SettingsOfAProvider_ReachTheLibrary()
    {
        var log = new List<InferenceFinding>();
        var options = OrtLibrary.Options() with
        {
            Providers = ["CUDA"],
            ProviderSettings = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["CUDA"] = new Dictionary<string, string> { ["no_such_setting"] = "1" } },
        };
        Skip.IfNot(OnnxRuntimeLibrary.TryLoad(options.LibraryPath!, out _)!.Providers.Contains("CUDAExecutionProvider"), "this build of ONNX Runtime has no CUDA.");
        using var engine = InferenceEngines.Create(Small().Write(), "model", options, log.Add);
        Assert.Contains(log, f => f.IsWarning && f.Message.Contains("CUDA", StringComparison.Ordinal));
        Assert.Equal(["CPU"], engine.ProvidersActive);
    }

    [SkippableFact]
    public void Create_DamagedModel_IsRefusedWithTheLibrarysReason()
    {
        byte[] bytes = Small().Write();
        var options = OrtLibrary.Options();
        foreach (int length in (int[])[0, 1, bytes.Length / 2, bytes.Length - 3])
        {
            var error = Assert.Throws<InvalidDataException>(() => InferenceEngines.Create(bytes.AsSpan(0, length), "cut.onnx", options));
            Assert.StartsWith("cut.onnx: ONNX Runtime ", error.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void Bind_UnknownInputName_GivesTheExpectedError()
    {
        var library = OnnxRuntimeLibrary.TryLoad(OrtLibrary.Require(), out _)!;
        using var session = new OnnxRuntimeSession(library);
        session.Load(Small().Write());
        nint value = session.Value(new AlignedBuffer(3), [1, 3]);
        session.Bind(true, "x", value); // control: the right name; first, because the binding keeps the wrong one
        var (code, text) = library.Api.Take(library.Api.Bind(OnnxRuntimeFunction.BindInput, session.Binding, "nope", value))!.Value;
        Assert.Equal(1, code);
        Assert.Contains("Failed to find input name", text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Create_ModelOfWholeNumbers_IsRefused()
    {
        var model = new OnnxModel("whole", [new OnnxNode("Identity", ["x"], ["y"])], [], [new OnnxValue("x", OnnxElement.I64, [1])], [new OnnxValue("y", OnnxElement.I64, [1])]);
        Assert.Contains("'x' is of I64", Assert.Throws<InvalidDataException>(() => InferenceEngines.Create(model.Write(), "model", OrtLibrary.Options())).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Create_OperatorThatOnlyTheLibraryKnows_Runs()
    {
        var g = new OnnxGraphBuilder("erf");
        g.Output(g.Node("Erf", [g.Input("x", -1, 3)]), "y", -1, 3);
        using var engine = OrtLibrary.Load(g.Build());
        engine.Input()[1] = 1;
        engine.Run();
        Assert.Equal(0.8427008f, engine.Output()[1], 1e-6f);
        Assert.Throws<NotSupportedException>(() => new ManagedEngine(g.Build()));
    }

    [SkippableFact]
    public void Run_AfterDispose_Throws()
    {
        var engine = OrtLibrary.Load(Small());
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(engine.Run);
        Assert.Throws<ObjectDisposedException>(() => engine.Input().Length);
    }

    [SkippableFact]
    public void Create_ManyAndForgotten_AreReleasedByTheCollector()
    {
        var options = OrtLibrary.Options();
        for (int i = 0; i < 50; i++) _ = InferenceEngines.Create(Small((ulong)i).Write(), "model", options);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var engine = InferenceEngines.Create(Small().Write(), "model", options);
        engine.Run();
    }

    [Fact]
    public void TryLoad_AnotherLibrary_IsRefusedAndSaysWhy()
    {
        Assert.Null(OnnxRuntimeLibrary.TryLoad("libc.so.6", out string? reason));
        Assert.Contains("OrtGetApiBase", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_FileThatIsNoLibrary_IsRefusedAndSaysWhy()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "this is no library");
            Assert.Null(OnnxRuntimeLibrary.TryLoad(path, out string? reason));
            Assert.Contains("cannot be loaded", reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Create_NoLibrary_AutoFallsBackWithOneLineAndOnnxIsAnError()
    {
        var log = new List<InferenceFinding>();
        using var engine = InferenceEngines.Create(Small().Write(), "policy.onnx", new InferenceOptions { Engine = InferenceChoice.Auto }, ["/nowhere/libonnxruntime.so.1"], log.Add);
        Assert.Equal("managed", engine.Name);
        Assert.True(engine.IsReproducible);
        var line = Assert.Single(log);
        Assert.False(line.IsWarning);
        Assert.StartsWith("policy.onnx runs in the managed engine: ONNX Runtime is not found", line.Message, StringComparison.Ordinal);

        var error = Assert.Throws<DllNotFoundException>(() => InferenceEngines.Create(Small().Write(), "policy.onnx", new InferenceOptions { Engine = InferenceChoice.Onnx }, ["/nowhere/libonnxruntime.so.1"], null));
        Assert.Contains("Onnx:LibraryPath", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ConfiguredPathWrong_IsAWarningOfItsOwn()
    {
        foreach (string wrong in (string[])["libc.so.6", "/nowhere/libonnxruntime.so.1"])
        {
            var log = new List<InferenceFinding>();
            using var engine = InferenceEngines.Create(Small().Write(), "model", new InferenceOptions { Engine = InferenceChoice.Auto, LibraryPath = wrong }, [wrong], log.Add);
            Assert.Equal("managed", engine.Name);
            Assert.Equal([true, false], log.Select(f => f.IsWarning));
            Assert.Contains(wrong, log[0].Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_Managed_NeverLooksForTheLibrary()
    {
        using var engine = InferenceEngines.Create(Small().Write(), "model", new InferenceOptions { LibraryPath = "libc.so.6" }, f => Assert.Fail(f.Message));
        Assert.Equal("managed", engine.Name);
    }
}
