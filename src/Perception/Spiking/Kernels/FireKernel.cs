using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>One pass over a population: membrane, comparison, reset, decay for the next step. Element by element, so every width gives the same bits.</summary>
/// <remarks>
/// Products and sums are rounded apart and in the order that <see cref="FireModel"/> writes. Why v holds the decayed value between steps: the pass is the only
/// one over the neurons, and synapses then add straight into it. No −0 is ever stored: x·a + b with b = +0 gives +0, so that a kernel which adds 0 and one
/// which skips agree. Coefficients of padding lanes are A = B = G = 0 and Bar = +∞.
/// </remarks>
internal static unsafe class FireKernel
{
    private const int Block = 16;

    /// <summary>Gives the pass for a width, a model, a reset and an output.</summary>
    internal static delegate*<FireArguments*, void> Choose<W, V>(FireModel model, FireReset reset, FireOutput output)
        where W : IWidth<V>
        where V : unmanaged => model switch
        {
            FireModel.Direct => Choose<W, V, Direct>(reset, output),
            FireModel.Current => Choose<W, V, Current>(reset, output),
            FireModel.OldCurrent => Choose<W, V, OldCurrent>(reset, output),
            FireModel.Literal => Choose<W, V, Literal>(reset, output),
            FireModel.LiteralCurrent => Choose<W, V, LiteralCurrent>(reset, output),
            FireModel.LiteralOldCurrent => Choose<W, V, LiteralOldCurrent>(reset, output),
            _ => Choose<W, V, Stateless>(reset, output),
        };

    private static delegate*<FireArguments*, void> Choose<W, V, M>(FireReset reset, FireOutput output)
        where W : IWidth<V>
        where V : unmanaged
        where M : IModel => (reset, output) switch
        {
            (_, FireOutput.Value) => &Run<W, V, M, NoReset, ValueOut>,
            (FireReset.Target, FireOutput.Spike) => &Run<W, V, M, TargetReset, SpikeOut>,
            (FireReset.Subtract, FireOutput.Spike) => &Run<W, V, M, SubtractReset, SpikeOut>,
            (FireReset.Pending, _) => &Run<W, V, M, PendingReset, SpikeOut>,
            (FireReset.Delayed, _) => &Run<W, V, M, DelayedReset, SpikeOut>,
            (FireReset.Target, FireOutput.Levels) => &Run<W, V, M, TargetReset, LevelsOut>,
            (FireReset.Subtract, FireOutput.Levels) => &Run<W, V, M, SubtractReset, LevelsOut>,
            (FireReset.Target, FireOutput.Multi) => &Run<W, V, M, TargetReset, MultiOut>,
            (FireReset.Subtract, FireOutput.Multi) => &Run<W, V, M, SubtractReset, MultiOut>,
            (_, FireOutput.Levels) => &Run<W, V, M, NoReset, LevelsOut>,
            (_, FireOutput.Multi) => &Run<W, V, M, NoReset, MultiOut>,
            _ => &Run<W, V, M, NoReset, SpikeOut>,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<W, V, M, R, O>(FireArguments* s)
        where W : IWidth<V>
        where V : unmanaged
        where M : IModel
        where R : IReset
        where O : IOutput
    {
        FireArguments f = *s;
        bool floors = f.Floor > float.NegativeInfinity;
        int bit = 0;
        for (int site = 0; site < f.Count; site += f.Period)
        {
            for (int k = 0; k < f.Period; k += Block)
            {
                uint bits = 0;
                for (int lane = 0; lane < Block; lane += W.Count) bits |= Step<W, V, M, R, O>(f, site + k + lane, k + lane, floors) << lane;
                f.Bits[bit++] = (ushort)bits;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Step<W, V, M, R, O>(in FireArguments f, nint i, nint k, bool floors)
        where W : IWidth<V>
        where V : unmanaged
        where M : IModel
        where R : IReset
        where O : IOutput
    {
        V a = M.Model == FireModel.Stateless ? default : W.Load(f.A + k), b = W.Load(f.B + k), v, current = default;
        // The membrane that is compared.
        if (M.Model == FireModel.Stateless) v = W.Load(f.Input + i);
        else if (M.Model is FireModel.Direct or FireModel.OldCurrent) v = W.Load(f.Membrane + i);
        else
        {
            if (M.Model is FireModel.Current or FireModel.Literal) current = W.Load(f.Input + i);
            else if (M.Model == FireModel.LiteralCurrent) current = W.Add(W.Multiply(W.Load(f.Current + i), W.Load(f.CurrentA + k)), W.Multiply(W.Load(f.CurrentG + k), W.Load(f.Input + i)));
            else current = W.Load(f.Current + i);
            v = W.Add(W.Add(W.Multiply(W.Load(f.Membrane + i), a), b), W.Multiply(W.Load(f.G + k), current));
        }
        V pending = default;
        if (R.Reset is FireReset.Pending or FireReset.Delayed)
        {
            pending = W.Load(f.Pending + i);
            v = W.Subtract(v, pending);
        }
        if (O.Output != FireOutput.Value && floors) v = W.Select(W.Greater(W.All(f.Floor), v), W.All(f.Floor), v);

        // What comes out, and the reset.
        V spiked, count = default;
        if (O.Output == FireOutput.Value)
        {
            // Not a membrane at rest but one that is not 0 counts as a signal.
            spiked = W.Select(W.Greater(v, default), W.Greater(v, default), W.Greater(default, v));
            W.Store(v, f.Values + i);
        }
        else if (O.Output == FireOutput.Spike) spiked = W.Greater(v, W.Load(f.Bar + k));
        else
        {
            V ratio = W.Divide(v, W.Load(f.Theta + k));
            if (O.Output == FireOutput.Levels)
            {
                V top = W.All(f.Levels);
                ratio = W.And(W.Greater(ratio, default), ratio);
                ratio = W.Select(W.Greater(ratio, top), top, ratio);
                count = W.Floor(W.Add(ratio, W.All(0.5f)));
            }
            else
            {
                count = W.Floor(ratio);
                count = W.And(W.Greater(count, default), count);
            }
            spiked = W.Greater(count, default);
            W.Store(count, f.Values + i);
        }
        if (R.Reset == FireReset.Target) v = W.Select(spiked, W.Load(f.Target + k), v);
        else if (R.Reset == FireReset.Subtract)
            v = W.Subtract(v, O.Output == FireOutput.Spike ? W.And(spiked, W.Load(f.Theta + k)) : W.Multiply(count, W.Load(f.Theta + k)));
        else if (R.Reset == FireReset.Pending)
        {
            V theta = W.Load(f.Theta + k);
            v = W.Subtract(v, W.Subtract(W.And(spiked, theta), pending));
            W.Store(W.And(W.Greater(v, W.Load(f.Bar + k)), theta), f.Pending + i);
        }
        else if (R.Reset == FireReset.Delayed) W.Store(W.And(spiked, W.Load(f.Theta + k)), f.Pending + i);
        if (f.Probe != null) W.Store(v, f.Probe + i);

        // What the next step starts from.
        if (M.Model == FireModel.Stateless) W.Store(b, f.Input + i);
        else if (M.Model == FireModel.Direct) W.Store(W.Add(W.Multiply(v, a), b), f.Membrane + i);
        else if (M.Model == FireModel.OldCurrent)
        {
            V old = W.Load(f.Input + i);
            W.Store(W.Add(W.Add(W.Multiply(v, a), b), W.Multiply(W.Load(f.G + k), old)), f.Membrane + i);
            W.Store(W.Add(W.Multiply(old, W.Load(f.CurrentA + k)), W.Load(f.CurrentB + k)), f.Input + i);
        }
        else
        {
            W.Store(v, f.Membrane + i);
            if (M.Model == FireModel.Current) W.Store(W.Add(W.Multiply(current, W.Load(f.CurrentA + k)), W.Load(f.CurrentB + k)), f.Input + i);
            else
            {
                if (M.Model == FireModel.LiteralCurrent) W.Store(current, f.Current + i);
                else if (M.Model == FireModel.LiteralOldCurrent)
                    W.Store(W.Add(W.Multiply(current, W.Load(f.CurrentA + k)), W.Multiply(W.Load(f.CurrentG + k), W.Load(f.Input + i))), f.Current + i);
                W.Store(default, f.Input + i);
            }
        }
        return W.Bits(spiked);
    }

    private interface IModel
    {
        static abstract FireModel Model { get; }
    }

    private interface IReset
    {
        static abstract FireReset Reset { get; }
    }

    private interface IOutput
    {
        static abstract FireOutput Output { get; }
    }

    private readonly struct Direct : IModel
    {
        public static FireModel Model => FireModel.Direct;
    }

    private readonly struct Current : IModel
    {
        public static FireModel Model => FireModel.Current;
    }

    private readonly struct OldCurrent : IModel
    {
        public static FireModel Model => FireModel.OldCurrent;
    }

    private readonly struct Literal : IModel
    {
        public static FireModel Model => FireModel.Literal;
    }

    private readonly struct LiteralCurrent : IModel
    {
        public static FireModel Model => FireModel.LiteralCurrent;
    }

    private readonly struct LiteralOldCurrent : IModel
    {
        public static FireModel Model => FireModel.LiteralOldCurrent;
    }

    private readonly struct Stateless : IModel
    {
        public static FireModel Model => FireModel.Stateless;
    }

    private readonly struct NoReset : IReset
    {
        public static FireReset Reset => FireReset.None;
    }

    private readonly struct TargetReset : IReset
    {
        public static FireReset Reset => FireReset.Target;
    }

    private readonly struct SubtractReset : IReset
    {
        public static FireReset Reset => FireReset.Subtract;
    }

    private readonly struct PendingReset : IReset
    {
        public static FireReset Reset => FireReset.Pending;
    }

    private readonly struct DelayedReset : IReset
    {
        public static FireReset Reset => FireReset.Delayed;
    }

    private readonly struct SpikeOut : IOutput
    {
        public static FireOutput Output => FireOutput.Spike;
    }

    private readonly struct LevelsOut : IOutput
    {
        public static FireOutput Output => FireOutput.Levels;
    }

    private readonly struct MultiOut : IOutput
    {
        public static FireOutput Output => FireOutput.Multi;
    }

    private readonly struct ValueOut : IOutput
    {
        public static FireOutput Output => FireOutput.Value;
    }
}
