namespace EdgeAutonomy.Runtime;

/// <summary>Runs a small network through every function that the engine uses on the CPU: the guard against a table that is not the one we know.</summary>
internal static class OnnxRuntimeSelfTest
{
    /// <summary>Tests a library.</summary>
    /// <exception cref="InvalidOperationException">Something is not as it must be.</exception>
    public static void Run(OnnxRuntimeLibrary library)
    {
        // y = [x0, x1]·[[2], [3]] + 0.5, in a batch of any size.
        var g = new OnnxGraphBuilder("self-test");
        string x = g.Input("x", -1, 2);
        g.Output(g.Node("Gemm", [x, g.Constant([2f, 3f], 2, 1), g.Constant([0.5f], 1)]), "y", -1, 1);
        using var session = new OnnxRuntimeSession(library);
        session.Configure();
        session.Load(g.Build().Write());
        var inputs = session.Describe(inputs: true);
        var outputs = session.Describe(inputs: false);
        Require(inputs is [{ Name: "x", Element: OnnxElement.F32, Shape: [-1, 2] }], $"the input is {string.Join(", ", inputs)}, must be x: F32[-1, 2]");
        Require(outputs is [{ Name: "y", Element: OnnxElement.F32, Shape: [-1, 1] }], $"the output is {string.Join(", ", outputs)}, must be y: F32[-1, 1]");
        AlignedBuffer from = new(2), to = new(1);
        nint given = session.Value(from, [1, 2]);
        var shapes = session.RunForShapes([new InferenceTensor("x", [1, 2])], ["y"]);
        Require(shapes is [{ Element: OnnxElement.F32, Shape: [1, 1] }], "the result of a run has another shape than [1, 1]");
        session.Bind(true, "x", given);
        session.Bind(false, "y", session.Value(to, [1, 1]));
        from.Span[0] = 1;
        from.Span[1] = -4;
        session.Run();
        Require(to.Span[0] == -9.5f, $"2·1 + 3·(-4) + 0.5 gives {to.Span[0]}, must be -9.5");
        // Last, for the binding keeps the wrong name. It looks the name up; a call to another function would not say this.
        var error = library.Api.Take(library.Api.Bind(OnnxRuntimeFunction.BindInput, session.Binding, "nope", given));
        Require(error is { } e && e.Code == 1 && e.Text.Contains("Failed to find input name", StringComparison.Ordinal), $"binding an unknown input gives {(error is null ? "no error" : $"{error.Value.Code}: {error.Value.Text}")}");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
