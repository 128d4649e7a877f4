using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Convolution over all inputs: a tile of four output pixels by two vectors of channels stays in registers while the whole kernel window passes.</summary>
/// <remarks>The window is walked in ascending (ky, kx, channel) and starts from the accumulators, with product and sum rounded apart: the same bits as
/// <see cref="ConvKernel{W, V, S}"/>, because adding 0·w changes nothing.</remarks>
/// <typeparam name="W">The width.</typeparam>
/// <typeparam name="V">Its vector.</typeparam>
internal static unsafe class DenseConvKernel<W, V>
    where W : IWidth<V>
    where V : unmanaged
{
    /// <summary>Adds the convolution of the padded image into the accumulators; no groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(ConvArguments* geometry, float* accumulators)
    {
        ConvArguments g = *geometry;
        int pixelStep = g.StepX * g.InChannels;
        for (int oy = 0; oy < g.OutHeight; oy++)
        {
            float* line = g.Image + (nint)oy * g.StepY * g.PaddedWidth * g.InChannels, to = accumulators + (nint)oy * g.OutWidth * g.OutStride;
            int ox = 0;
            for (; ox + 4 <= g.OutWidth; ox += 4)
            {
                int o = 0;
                for (; o + 2 * W.Count <= g.OutStride; o += 2 * W.Count) Tile42(g, line + (nint)ox * pixelStep, to + (nint)ox * g.OutStride + o, o, pixelStep);
                for (; o < g.OutStride; o += W.Count) Tile41(g, line + (nint)ox * pixelStep, to + (nint)ox * g.OutStride + o, o, pixelStep);
            }
            for (; ox < g.OutWidth; ox++)
            {
                for (int o = 0; o < g.OutStride; o += W.Count) Tile11(g, line + (nint)ox * pixelStep, to + (nint)ox * g.OutStride + o, o);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile42(in ConvArguments g, float* image, float* to, int o, int pixelStep)
    {
        int s = g.OutStride;
        float* to1 = to + s, to2 = to1 + s, to3 = to2 + s;
        V a0 = W.Load(to), b0 = W.Load(to + W.Count), a1 = W.Load(to1), b1 = W.Load(to1 + W.Count);
        V a2 = W.Load(to2), b2 = W.Load(to2 + W.Count), a3 = W.Load(to3), b3 = W.Load(to3 + W.Count);
        float* w = g.Weights + o;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            float* line = image + (nint)ky * g.DilationY * g.PaddedWidth * g.InChannels;
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                float* x0 = line + kx * g.DilationX * g.InChannels, x1 = x0 + pixelStep, x2 = x1 + pixelStep, x3 = x2 + pixelStep;
                for (int c = 0; c < g.InChannels; c++, w += s)
                {
                    V wa = W.Load(w), wb = W.Load(w + W.Count), x = W.All(x0[c]);
                    a0 = W.Add(a0, W.Multiply(x, wa));
                    b0 = W.Add(b0, W.Multiply(x, wb));
                    x = W.All(x1[c]);
                    a1 = W.Add(a1, W.Multiply(x, wa));
                    b1 = W.Add(b1, W.Multiply(x, wb));
                    x = W.All(x2[c]);
                    a2 = W.Add(a2, W.Multiply(x, wa));
                    b2 = W.Add(b2, W.Multiply(x, wb));
                    x = W.All(x3[c]);
                    a3 = W.Add(a3, W.Multiply(x, wa));
                    b3 = W.Add(b3, W.Multiply(x, wb));
                }
            }
        }
        W.Store(a0, to);
        W.Store(b0, to + W.Count);
        W.Store(a1, to1);
        W.Store(b1, to1 + W.Count);
        W.Store(a2, to2);
        W.Store(b2, to2 + W.Count);
        W.Store(a3, to3);
        W.Store(b3, to3 + W.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile41(in ConvArguments g, float* image, float* to, int o, int pixelStep)
    {
        int s = g.OutStride;
        float* to1 = to + s, to2 = to1 + s, to3 = to2 + s;
        V a0 = W.Load(to), a1 = W.Load(to1), a2 = W.Load(to2), a3 = W.Load(to3);
        float* w = g.Weights + o;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            float* line = image + (nint)ky * g.DilationY * g.PaddedWidth * g.InChannels;
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                float* x0 = line + kx * g.DilationX * g.InChannels, x1 = x0 + pixelStep, x2 = x1 + pixelStep, x3 = x2 + pixelStep;
                for (int c = 0; c < g.InChannels; c++, w += s)
                {
                    V wa = W.Load(w);
                    a0 = W.Add(a0, W.Multiply(W.All(x0[c]), wa));
                    a1 = W.Add(a1, W.Multiply(W.All(x1[c]), wa));
                    a2 = W.Add(a2, W.Multiply(W.All(x2[c]), wa));
                    a3 = W.Add(a3, W.Multiply(W.All(x3[c]), wa));
                }
            }
        }
        W.Store(a0, to);
        W.Store(a1, to1);
        W.Store(a2, to2);
        W.Store(a3, to3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile11(in ConvArguments g, float* image, float* to, int o)
    {
        V a = W.Load(to);
        float* w = g.Weights + o;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            float* line = image + (nint)ky * g.DilationY * g.PaddedWidth * g.InChannels;
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                float* x = line + kx * g.DilationX * g.InChannels;
                for (int c = 0; c < g.InChannels; c++, w += g.OutStride) a = W.Add(a, W.Multiply(W.All(x[c]), W.Load(w)));
            }
        }
        W.Store(a, to);
    }
}
