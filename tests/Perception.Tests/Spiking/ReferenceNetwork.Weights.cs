namespace EdgeAutonomy.Perception.Tests;

// The whole matrix of every linear node, and max-pooling.
internal sealed partial class ReferenceNetwork
{
    private readonly Dictionary<string, double[,]> _exact = [];

    // Of every output the inputs that reach it, in H,W,C order of the source.
    private (int I, double W)[][] Taps(NirNode node, string from)
    {
        float[,] w = Weights(node);
        var (c, s) = _image[from];
        var all = new (int, double)[w.GetLength(0)][];
        for (int o = 0; o < all.Length; o++)
        {
            var list = new List<(int, double)>();
            for (int site = 0; site < s; site++)
            {
                for (int channel = 0; channel < c; channel++)
                {
                    int i = channel * s + site;
                    if (w[o, i] != 0) list.Add((i, _exact.TryGetValue(node.Name, out var exact) ? exact[o, i] : w[o, i]));
                }
            }
            all[o] = [.. list];
        }
        return all;
    }

    // The whole matrix of a linear node, [output][input], C,H,W on both sides.
    private float[,] Weights(NirNode node)
    {
        if (_weights.TryGetValue(node.Name, out var known)) return known;
        int inputs = Count(Inputs(node.Name).First()), outputs = Count(node.Name);
        var w = new float[outputs, inputs];
        if (node.Type is NirNodeType.Linear or NirNodeType.Affine)
        {
            float[] all = node.Required("weight").ToSingle();
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++) w[o, i] = all[o * inputs + i];
            }
            if (_options.Precision == SpikingPrecision.Int8) throw new InvalidOperationException("The reference has no quantised weights.");
        }
        else
        {
            var (shape, conv) = (_shape[Inputs(node.Name).First()], node.Type is NirNodeType.Conv1d or NirNodeType.Conv2d);
            var (k, s, p, d) = Window(node);
            int ih = shape.Length == 2 ? 1 : shape[1], iw = shape[^1], oh = _shape[node.Name].Length == 2 ? 1 : _shape[node.Name][1], ow = _shape[node.Name][^1], groups = conv && node.Array("groups") is { } g ? g.ToInt32()[0] : 1;
            float[]? all = conv ? node.Required("weight").ToSingle() : null;
            int perIn = shape[0] / groups, perOut = _shape[node.Name][0] / groups;
            var average = node.Type == NirNodeType.AvgPool2d ? new double[outputs, inputs] : null;
            for (int o = 0; o < outputs; o++)
            {
                int oc = o / (oh * ow), oy = o / ow % oh, ox = o % ow;
                for (int i = 0; i < inputs; i++)
                {
                    int ic = i / (ih * iw), dy = i / iw % ih + p[0] - oy * s[0], dx = i % iw + p[1] - ox * s[1];
                    if (dy < 0 || dx < 0 || dy % d[0] != 0 || dx % d[1] != 0 || dy / d[0] >= k[0] || dx / d[1] >= k[1]) continue;
                    if (all is not null)
                    {
                        if (ic / perIn == oc / perOut) w[o, i] = all[((oc * perIn + ic % perIn) * k[0] + dy / d[0]) * k[1] + dx / d[1]];
                    }
                    else if (ic == oc)
                    {
                        w[o, i] = 1;
                        if (average is not null) average[o, i] = 1.0 / (k[0] * k[1]);
                    }
                }
            }
            if (average is not null) _exact[node.Name] = average;
        }
        return _weights[node.Name] = w;
    }

    private float[] MaxPool(NirNode node)
    {
        string from = Inputs(node.Name).Single();
        float[] x = SignalInto(node.Name, from), y = new float[Count(node.Name)];
        int[] shape = _shape[from], to = _shape[node.Name];
        var (k, s, p, _) = Window(node);
        for (int o = 0; o < y.Length; o++)
        {
            int c = o / (to[1] * to[2]), oy = o / to[2] % to[1], ox = o % to[2];
            float? best = null;
            for (int ky = 0; ky < k[0]; ky++)
            {
                for (int kx = 0; kx < k[1]; kx++)
                {
                    int iy = oy * s[0] + ky - p[0], ix = ox * s[1] + kx - p[1];
                    if (iy < 0 || ix < 0 || iy >= shape[1] || ix >= shape[2]) continue;
                    float value = x[(c * shape[1] + iy) * shape[2] + ix];
                    if (best is null || value > best) best = value;
                }
            }
            y[o] = best ?? 0;
        }
        return y;
    }

    private static (int[] K, int[] S, int[] P, int[] D) Window(NirNode node)
    {
        bool conv = node.Type is NirNodeType.Conv1d or NirNodeType.Conv2d, flat = node.Type == NirNodeType.Conv1d;
        int[] k = conv ? [.. node.Required("weight").Shape[2..].ToArray()] : node.Required("kernel_size").ToInt32();
        int[] s = node.Required("stride").ToInt32(), d = conv ? node.Required("dilation").ToInt32() : [1, 1], p;
        if (node.Parameters["padding"] is NirText t) p = t.Text == "same" ? [d[0] * (k[0] - 1) / 2, d[^1] * (k[^1] - 1) / 2] : [0, 0];
        else p = node.Required("padding").ToInt32();
        return (Two(k, 1), Two(s, 1), Two(p, 0), Two(d, 1));

        int[] Two(int[] all, int first) => flat ? [first, all[0]] : all.Length == 2 ? all : [all[0], all[0]];
    }
}
