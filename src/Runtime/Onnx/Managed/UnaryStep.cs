using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

/// <summary>Applies a function to every number; the place may be the same.</summary>
internal sealed class UnaryStep<TFunction>(TFunction function, Slot from, Slot to) : ManagedStep
    where TFunction : struct, ElementFunctions.IUnary
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        ref float x = ref MemoryMarshal.GetReference(from.In(memory));
        ref float y = ref MemoryMarshal.GetReference(to.In(memory));
        int i = 0, n = to.Count;
        if (Vector512.IsHardwareAccelerated) i = Run<Lanes16>(ref x, ref y, i, n);
        if (Vector256.IsHardwareAccelerated) i = Run<Lanes8>(ref x, ref y, i, n);
        if (Vector128.IsHardwareAccelerated) i = Run<Lanes4>(ref x, ref y, i, n);
        Run<ScalarLane>(ref x, ref y, i, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Run<T>(ref float x, ref float y, int i, int n) where T : struct, ILanes<T>
    {
        var f = function;
        for (; i <= n - T.Count; i += T.Count) T.Store(f.Run(T.Load(ref Unsafe.Add(ref x, i))), ref Unsafe.Add(ref y, i));
        return i;
    }
}
