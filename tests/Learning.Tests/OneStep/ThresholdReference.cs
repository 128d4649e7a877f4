using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Runs a graph of convolutions, thresholds and one linear layer as NIR defines them, in float64.</summary>
internal static class ThresholdReference
{
    /// <summary>Runs an image [y, x, channel]; returns the outputs and how many units fired.</summary>
    public static (double[] Scores, int Active) Run(NirGraph graph, float[] image)
    {
        string at = graph.Nodes.Single(n => n.Type == NirNodeType.Input).Name;
        int[] shape = graph.Find(at)!.Required("shape").ToInt32();
        int c = shape[0], h = shape[1], w = shape[2], active = 0;
        var x = new double[c * h * w];
        for (int i = 0; i < image.Length; i++) x[i % c * h * w + i / c] = image[i];
        while (true)
        {
            var node = graph.Find(graph.Edges.Single(e => e.From == at).To)!;
            at = node.Name;
            switch (node.Type)
            {
                case NirNodeType.Conv2d:
                    int[] k = node.Required("weight").Shape.ToArray(), stride = node.Required("stride").ToInt32(), padding = node.Required("padding").ToInt32();
                    double[] weight = node.Required("weight").ToDouble(), bias = node.Required("bias").ToDouble();
                    int oh = (h + 2 * padding[0] - k[2]) / stride[0] + 1, ow = (w + 2 * padding[1] - k[3]) / stride[1] + 1;
                    var y = new double[k[0] * oh * ow];
                    for (int i = 0; i < y.Length; i++)
                    {
                        int o = i / (oh * ow), oy = i / ow % oh, ox = i % ow;
                        y[i] = bias[o];
                        for (int q = 0; q < k[1] * k[2] * k[3]; q++)
                        {
                            int ci = q / (k[2] * k[3]), iy = oy * stride[0] - padding[0] + q / k[3] % k[2], ix = ox * stride[1] - padding[1] + q % k[3];
                            if (iy >= 0 && ix >= 0 && iy < h && ix < w) y[i] += weight[o * k[1] * k[2] * k[3] + q] * x[(ci * h + iy) * w + ix];
                        }
                    }
                    (x, c, h, w) = (y, k[0], oh, ow);
                    break;
                case NirNodeType.Threshold:
                    double[] threshold = node.Required("threshold").ToDouble();
                    Assert.Equal(x.Length, threshold.Length);
                    for (int i = 0; i < x.Length; i++) active += (int)(x[i] = x[i] > threshold[i] ? 1 : 0);
                    break;
                case NirNodeType.Affine:
                    double[] matrix = node.Required("weight").ToDouble(), shift = node.Required("bias").ToDouble();
                    x = shift.Select((b, o) => b + x.Select((v, i) => v * matrix[o * x.Length + i]).Sum()).ToArray();
                    break;
                case NirNodeType.Output:
                    return (x, active);
                default:
                    Assert.Equal(NirNodeType.Flatten, node.Type);
                    break;
            }
        }
    }
}
