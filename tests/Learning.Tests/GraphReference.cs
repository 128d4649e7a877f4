using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Runs a NIR graph step by step in float64 straight from the equations of the format, [channel, y, x]: written independently of trainer and engine.</summary>
internal sealed class GraphReference
{
    private readonly NirGraph _graph;
    private readonly double _dt;
    private readonly List<NirNode> _order = [];
    private readonly Dictionary<string, double[]> _value = [], _v = [], _current = [];
    private readonly Dictionary<string, int[]> _shape = [];
    private readonly Dictionary<string, List<double[]>> _past = [];

    public GraphReference(NirGraph graph)
    {
        _graph = graph;
        _dt = ((NirArray)graph.Metadata["edge_dt"]!).ToDouble()[0];
        // Neurons on a cycle give their last spikes to what hangs behind them.
        var left = graph.Nodes.ToList();
        while (left.Count > 0)
        {
            var next = left.First(n => graph.Edges.Where(e => e.To == n.Name && !e.From.EndsWith(".recurrent", StringComparison.Ordinal)).All(e => _order.Exists(o => o.Name == e.From))
                && !(n.Name.EndsWith(".recurrent", StringComparison.Ordinal) && left.Exists(m => m.Name == "output")));
            _order.Add(next);
            left.Remove(next);
        }
        foreach (var n in _order.Where(n => n.Name.EndsWith(".recurrent", StringComparison.Ordinal))) _value[n.Name] = new double[n.Required("weight").Shape[0]];
    }

    /// <summary>Runs one step and returns what the output node gives; <see cref="Of"/> tells every other node's.</summary>
    public double[] Step(double[] input)
    {
        foreach (var n in _order)
        {
            double[]? x = null;
            foreach (var e in _graph.Edges.Where(e => e.To == n.Name))
            {
                x = x is null ? (double[])_value[e.From].Clone() : x.Zip(_value[e.From], (a, b) => a + b).ToArray();
                if (_shape.TryGetValue(e.From, out int[]? s) && !e.From.EndsWith(".recurrent", StringComparison.Ordinal)) _shape[n.Name] = s;
            }
            _value[n.Name] = Compute(n, x ?? input);
        }
        return _value["output"];
    }

    public double[] Of(string node) => _value[node];

    private double[] Compute(NirNode n, double[] x)
    {
        double[] P(string name) => n.Required(name).ToDouble();
        switch (n.Type)
        {
            case NirNodeType.Input:
                _shape[n.Name] = n.Required("shape").ToInt32();
                return x;
            case NirNodeType.Output: return x;
            case NirNodeType.Flatten:
                _shape[n.Name] = [x.Length];
                return x;
            case NirNodeType.Linear or NirNodeType.Affine: return Linear(n, x);
            case NirNodeType.Conv2d: return Windows(n, x, P("weight"), n.Required("weight").Shape.ToArray());
            case NirNodeType.SumPool2d or NirNodeType.AvgPool2d: return Windows(n, x, null, [0, 0, n.Required("kernel_size").ToInt32()[0], n.Required("kernel_size").ToInt32()[1]]);
            default: return Neurons(n, x);
        }
    }

    private double[] Linear(NirNode n, double[] x)
    {
        var weight = n.Required("weight");
        int m = weight.Shape[0], k = weight.Shape[1];
        double[] w = weight.ToDouble(), b = n.Array("bias")?.ToDouble() ?? new double[m], y = new double[m];
        double[]? delays = (n.Metadata["edge_delays"] as NirArray)?.ToDouble();
        if (!_past.TryGetValue(n.Name, out var past)) _past[n.Name] = past = [];
        past.Insert(0, x);
        for (int o = 0; o < m; o++)
        {
            y[o] = b[o];
            for (int i = 0; i < k; i++)
            {
                int d = delays is null ? 0 : (int)delays[o * k + i];
                if (d < past.Count) y[o] += w[o * k + i] * past[d][i];
            }
        }
        return y;
    }

    private double[] Windows(NirNode n, double[] x, double[]? w, int[] shape)
    {
        int[] s = _shape[n.Name], stride = n.Required("stride").ToInt32(), pad = n.Required("padding").ToInt32();
        (int c, int h, int width, int kh, int kw) = (s[0], s[1], s[2], shape[2], shape[3]);
        int channels = w is null ? c : shape[0], oh = (h + 2 * pad[0] - kh) / stride[0] + 1, ow = (width + 2 * pad[1] - kw) / stride[1] + 1;
        bool max = n.Metadata["edge_pool"] is NirText { Text: "max" };
        double[] y = new double[channels * oh * ow], bias = n.Array("bias")?.ToDouble() ?? new double[channels];
        for (int o = 0; o < y.Length; o++)
        {
            int co = o / (oh * ow), oy = o / ow % oh, ox = o % ow;
            double sum = bias[co], top = double.NegativeInfinity;
            for (int ci = w is null ? co : 0; ci < (w is null ? co + 1 : c); ci++)
            {
                for (int q = 0; q < kh * kw; q++)
                {
                    int iy = oy * stride[0] - pad[0] + q / kw, ix = ox * stride[1] - pad[1] + q % kw;
                    if (iy < 0 || ix < 0 || iy >= h || ix >= width) continue;
                    double v = x[(ci * h + iy) * width + ix];
                    sum += w is null ? v : v * w[(co * c + ci) * kh * kw + q];
                    top = Math.Max(top, v);
                }
            }
            y[o] = max ? top : n.Type == NirNodeType.AvgPool2d ? sum / (kh * kw) : sum;
        }
        _shape[n.Name] = [channels, oh, ow];
        return y;
    }

    private double[] Neurons(NirNode n, double[] x)
    {
        double P(string name, double absent = 0) => n.Array(name)?.ToDouble()[0] ?? absent;
        if (!_v.TryGetValue(n.Name, out double[]? v))
        {
            _v[n.Name] = v = new double[x.Length];
            _current[n.Name] = new double[x.Length];
        }
        double[] current = _current[n.Name], y = new double[x.Length];
        bool cuba = n.Type is NirNodeType.CubaLIF or NirNodeType.CubaLI, leaks = n.Type is not (NirNodeType.IF or NirNodeType.I);
        double k = leaks ? _dt / P(cuba ? "tau_mem" : "tau") : 0, gain = leaks ? k * P("r") : _dt * P("r"), levels = (n.Metadata["edge_levels"] as NirArray)?.ToDouble()[0] ?? 1;
        string reset = (n.Metadata["edge_reset"] as NirText)?.Text ?? "none";
        for (int i = 0; i < x.Length; i++)
        {
            if (cuba) current[i] += _dt / P("tau_syn") * (P("w_in") * x[i] - current[i]);
            v[i] = v[i] + k * (P("v_leak") - v[i]) + gain * (cuba ? current[i] : x[i]);
            double theta = P("v_threshold");
            y[i] = reset == "none" ? v[i] : levels > 1 ? Math.Floor(Math.Clamp(v[i] / theta, 0, levels) + 0.5) : v[i] > theta ? 1 : 0;
            if (reset == "subtract") v[i] -= theta * y[i];
            else if (reset != "none" && y[i] > 0) v[i] = P("v_reset");
        }
        return y;
    }
}
