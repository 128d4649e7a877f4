namespace EdgeAutonomy.Runtime;

/// <summary>Compiles BatchNormalization, LayerNormalization and Softmax.</summary>
internal static class NormalizationOperators
{
    public static void BatchNormalization(OperatorContext c)
    {
        float epsilon = c.Number("epsilon", 1e-5f);
        c.Number("momentum", 0); // of training
        if (c.Flag("training_mode")) throw c.Unsupported("the node is in training mode; export the model for inference");
        if (c.Whole("spatial", 1) != 1) throw c.Unsupported("spatial is 0, a mode that ONNX dropped");
        var x = c.Numbers(0, "X");
        if (x.Rank < 2) throw c.Fail($"X is [{string.Join(", ", x.Shape)}]; it needs a batch and channels");
        int channels = x.Shape[1];
        float[] scale = Channels(1, "scale"), shift = Channels(2, "B"), mean = Channels(3, "mean"), variance = Channels(4, "var");
        for (int i = 0; i < channels; i++)
        {
            scale[i] = (float)(scale[i] / Math.Sqrt((double)variance[i] + epsilon));
            shift[i] -= mean[i] * scale[i];
            if (!float.IsFinite(scale[i]) || !float.IsFinite(shift[i])) throw c.Fail($"channel {i} has the variance {variance[i]}; with epsilon {epsilon} that gives no finite factor");
        }
        var from = c.Place(x);
        c.Emit(new ChannelScaleStep(scale, shift, x.Count / x.Shape[0] / channels, from, c.ResultLike(x)));

        float[] Channels(int index, string what)
        {
            var values = c.Weights(index, what).Singles;
            return values.Length == channels ? values.ToArray() : throw c.Fail($"'{what}' holds {values.Length} numbers for {channels} channels");
        }
    }

    public static void LayerNormalization(OperatorContext c)
    {
        float epsilon = c.Number("epsilon", 1e-5f);
        if (c.Whole("stash_type", 1) != 1) throw c.Unsupported("stash_type is not 1 (F32)");
        if (c.HasResult(1) || c.HasResult(2)) throw c.Unsupported("the mean or the deviation is asked for");
        var x = c.Numbers(0, "X");
        int axis = c.Axis("axis", -1, x.Rank), n = 1;
        for (int d = axis; d < x.Rank; d++) n *= x.Shape[d];
        float[] scale = Row(1, "Scale"), shift = c.Optional(2) is null ? new float[n] : Row(2, "B");
        var from = c.Place(x);
        c.Emit(new LayerNormalizationStep(scale, shift, epsilon, from, c.ResultLike(x)));

        float[] Row(int index, string what)
        {
            var values = c.Weights(index, what).Singles;
            return values.Length == n ? values.ToArray() : throw c.Unsupported($"'{what}' holds {values.Length} numbers where a row has {n}");
        }
    }

    public static void Softmax(OperatorContext c)
    {
        var x = c.Numbers(0, "input");
        // Before operator set 13 everything from the axis on was one row.
        bool rows = c.Opset < 13;
        int axis = c.Axis("axis", rows ? 1 : -1, x.Rank, toEnd: rows), n = 1, inner = 1;
        for (int d = axis; d < x.Rank; d++)
        {
            if (d == axis || rows) n *= x.Shape[d];
            else inner *= x.Shape[d];
        }
        var from = c.Place(x);
        c.Emit(new SoftmaxStep(n, inner, c.Scratch(n), from, c.ResultLike(x)));
    }
}
