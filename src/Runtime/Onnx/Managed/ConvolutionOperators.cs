namespace EdgeAutonomy.Runtime;

/// <summary>Compiles Conv and the pools.</summary>
internal static class ConvolutionOperators
{
    public static void Conv(OperatorContext c)
    {
        var x = c.Numbers(0, "X");
        var weights = c.Weights(1, "W");
        int[] w = Array.ConvertAll(weights.Shape.ToArray(), n => (int)n);
        if (w.Length != x.Rank || x.Rank < 3) throw c.Fail($"X is [{string.Join(", ", x.Shape)}] and W [{string.Join(", ", w)}]; both need [., channels, spatial…] of the same rank");
        var plan = new WindowPlan(c, x.Shape, w[2..]);
        long groups = c.Whole("group", 1);
        if (groups < 1 || groups > plan.Channels || plan.Channels % groups != 0 || w[0] % groups != 0 || w[1] != plan.Channels / groups)
            throw c.Fail($"{plan.Channels} channels in {groups} groups do not fit weights of [{string.Join(", ", w)}]");
        float[] bias = new float[w[0]];
        if (c.Optional(2) is not null)
        {
            var values = c.Weights(2, "B").Singles;
            if (values.Length != w[0]) throw c.Fail($"B holds {values.Length} numbers for {w[0]} channels");
            values.CopyTo(bias);
        }
        int inGroup = w[1], taps = plan.KernelRows * plan.KernelColumns;
        long padded = (long)(plan.Rows + plan.PadTop + plan.PadBottom) * (plan.Columns + plan.PadLeft + plan.PadRight);
        bool pads = padded != plan.Pixels;
        var from = c.Place(x);
        var room = pads ? c.Scratch(padded * inGroup) : default;
        var to = c.Result([plan.Batch, w[0], .. plan.Spatial]);
        c.Emit(new ConvolutionStep(plan, weights.Singles, bias, (int)groups, c.Scratch((long)inGroup * taps * ConvolutionStep.BlockWidth + ConvolutionStep.BlockRoom), room, from, to));
    }

    public static void MaxPool(OperatorContext c)
    {
        if (c.HasResult(1)) throw c.Unsupported("the places of the maxima are asked for");
        c.Whole("storage_order", 0); // counts for those places only
        var x = c.Numbers(0, "X");
        var plan = new WindowPlan(c, x.Shape, null);
        var from = c.Place(x);
        c.Emit(new MaxPoolStep(plan, from, c.Result([plan.Batch, plan.Channels, .. plan.Spatial])));
    }

    public static void AveragePool(OperatorContext c)
    {
        bool countPads = c.Flag("count_include_pad");
        var x = c.Numbers(0, "X");
        var plan = new WindowPlan(c, x.Shape, null);
        if (plan.DilationRows != 1 || plan.DilationColumns != 1) throw c.Unsupported("an average over a window with gaps (dilations)");
        var from = c.Place(x);
        c.Emit(new AveragePoolStep(plan, countPads, from, c.Result([plan.Batch, plan.Channels, .. plan.Spatial])));
    }

    public static void GlobalAveragePool(OperatorContext c)
    {
        var x = c.Numbers(0, "X");
        if (x.Rank < 3) throw c.Fail($"X is [{string.Join(", ", x.Shape)}]; it needs a batch, channels and at least one axis more");
        int[] shape = [.. x.Shape];
        shape.AsSpan(2).Fill(1);
        var from = c.Place(x);
        c.Emit(new ChannelMeanStep(x.Count / x.Shape[0] / x.Shape[1], from, c.Result(shape)));
    }
}
