namespace EdgeAutonomy.Runtime;

/// <summary>Compiles GRU: a gated recurrent unit over a sequence (Cho et al. 2014, arXiv 1406.1078; equations of the ONNX operator).</summary>
internal static class GruOperator
{
    public static void Gru(OperatorContext c)
    {
        string direction = c.Text("direction", "forward");
        if (direction is not ("forward" or "reverse")) throw c.Unsupported($"direction is '{direction}'; the managed engine knows forward and reverse");
        if (c.Whole("layout", 0) != 0) throw c.Unsupported("layout is 1 (batch first); the managed engine wants the sequence first");
        var functions = c.Texts("activations");
        if (functions is not null && !functions.SequenceEqual(["Sigmoid", "Tanh"])) throw c.Unsupported($"the activations are {string.Join(", ", functions)}; the managed engine knows Sigmoid and Tanh");
        bool late = c.Flag("linear_before_reset");
        var x = c.Numbers(0, "X");
        var w = c.Weights(1, "W");
        var r = c.Weights(2, "R");
        if (c.Optional(4) is not null) throw c.Unsupported("the sequences have lengths of their own (sequence_lens)");
        if (x.Rank != 3 || w.Shape.Length != 3 || r.Shape.Length != 3 || w.Shape[0] != 1 || r.Shape[0] != 1)
            throw c.Fail($"X is {x.Rank}-dimensional, W [{string.Join(", ", w.Shape.ToArray())}], R [{string.Join(", ", r.Shape.ToArray())}]; must be [time, batch, in], [1, 3h, in], [1, 3h, h]");
        int steps = x.Shape[0], batch = x.Shape[1], inputs = x.Shape[2], hidden = (int)r.Shape[2];
        if (c.Whole("hidden_size", hidden) != hidden || w.Shape[1] != 3L * hidden || r.Shape[1] != 3L * hidden || w.Shape[2] != inputs)
            throw c.Fail($"hidden_size {c.Whole("hidden_size", hidden)}, inputs {inputs}, W [{string.Join(", ", w.Shape.ToArray())}] and R [{string.Join(", ", r.Shape.ToArray())}] do not fit");
        var bias = c.Optional(3) is null ? new float[6 * hidden] : c.Weights(3, "B").Singles;
        if (bias.Length != 6 * hidden) throw c.Fail($"B holds {bias.Length} numbers, must hold {6 * hidden}");
        Slot? initial = null;
        if (c.Optional(5) is not null)
        {
            var h = c.Numbers(5, "initial_h");
            if (h.Count != batch * hidden) throw c.Fail($"initial_h is [{string.Join(", ", h.Shape)}], must be [1, {batch}, {hidden}]");
            initial = c.Place(h);
        }
        var from = c.Place(x);
        // Both results are kept by the step anyway; where the graph does not ask for one it is scratch.
        var all = c.HasResult(0) ? c.Result([steps, 1, batch, hidden]) : c.Scratch((long)steps * batch * hidden);
        Slot? final = c.HasResult(1) ? c.Result([1, batch, hidden], 1) : null;
        var layer = new GruLayer(w.Singles, r.Singles, bias, inputs, hidden, late);
        c.Emit(new GruStep(layer, steps, batch, direction == "reverse", from, initial, c.Scratch(layer.ScratchCount), all, final));
    }
}
