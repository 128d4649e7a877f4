using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>A register of 512 bits.</summary>
internal readonly unsafe struct GemmLanes512<T>(Vector512<T> value) : IGemmLanes<GemmLanes512<T>, T> where T : unmanaged
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes512<T> value, T* target) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512<T> Of(T value) => new(Vector512.Create(value));

    // One rounding on every machine: where the processor has no such instruction the framework computes it in software, slowly and with the same bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512<T> MultiplyAdd(GemmLanes512<T> a, GemmLanes512<T> b, GemmLanes512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
}
