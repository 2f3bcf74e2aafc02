<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>إجاباتك محفوظة في هذا الملف. أعِد إرساله إلى من كلّفك بهذا العمل:
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>المراجعة</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>تراجع</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>إعادة</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>قص</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>نسخ</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>لصق</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>حذف</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>تحديد الكل</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>الإرشادات، الإصدار %1</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>الإرشادات</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>لا توجد إرشادات لهذه المراجعة.</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>المفتاح %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (اختياري)</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 المفتاح %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>غير صالح</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>تخطٍّ</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>تعليق</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>التالي</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>البند</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>لقد تخطّيت هذا البند. أي إجابة الآن ستُحفظ بوصفها تصحيحًا.</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>لقد وصفت هذا البند بأنه غير صالح. أي إجابة الآن ستُحفظ بوصفها تصحيحًا.</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>لقد قيّمت هذا البند من قبل. ما تغيّره سيُحفظ بوصفه تصحيحًا.</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>المهنة: %1 · الشخص الآخر: %2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>لم يُجَب عن هذا السؤال بعد: %1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>لم يُحفظ شيء في هذه الجلسة بعد. المفتاح %1 يعرض البنود السابقة.</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>لا يوجد حقل تعليق مع هذه الأسئلة.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>إعادة المحاولة</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>التفاصيل</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>نسخ الرسالة وتفاصيلها</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>النص الأصلي للخطأ</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>أنهيت قائمتك. كل شيء محفوظ.</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>حصلت هذه المراجعة على ما يكفيها من التقييمات. كل شيء محفوظ.</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>ينتهي دورك في هذه المراجعة هنا. كل شيء محفوظ.</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>التراجع عن الأخير</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>عرض البنود السابقة</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>شكرًا لك</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>المقيَّمة: %1 · المتخطّاة: %2 · غير الصالحة: %3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>View</source>
        <translation>العرض</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>التقدّم</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>مضت 30 دقيقة وأنت تقيّم. استراحة قصيرة تحافظ على ثبات التقييمات.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>إخفاء</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>خط أكبر</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>خط أصغر</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>تباين عالٍ</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>إظهار السرعة</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>المتابعة بعد آخر إجابة</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>ملء الشاشة</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>تدريب</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>المراجعة · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>الرمز %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%1 من %2 · %3%</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>%1 في الدقيقة</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>العودة إلى البنود</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>رمزك</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>تقيّم بالرمز %1.</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>حروف لاتينية وأرقام و«.» و«_» و«-». لا تكتب اسمك ولا عنوانًا.</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>ما ستُسأل عنه</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>يمكن إنجاز كل شيء بالمفاتيح وحدها. المفتاح ? أو F1 يعرضها.</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>تدريب: دقيقتان</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>ابدأ</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>تُحفظ التقييمات تحت رمز. اكتب رمزك لتبدأ.</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>انتهى التدريب. الإجابات الصحيحة: %1 من %2.</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>بقي نحو %n دقيقة</numerusform>
            <numerusform>بقيت دقيقة واحدة تقريبًا</numerusform>
            <numerusform>بقيت دقيقتان تقريبًا</numerusform>
            <numerusform>بقيت نحو %n دقائق</numerusform>
            <numerusform>بقيت نحو %n دقيقة</numerusform>
            <numerusform>بقيت نحو %n دقيقة</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>تعذّر فتح المراجعة.</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>تعذّرت قراءة البند.</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>لم يُحفظ التقييم. إجاباتك ما زالت هنا.</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>تعذّرت قراءة حالة المراجعة. يمكنك المتابعة.</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>لم يُكتب ملف إجاباتك. الإجابات محفوظة.</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>القرص ممتلئ. أفسح مساحة ثم أعد المحاولة.</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>لا يمكن الكتابة في هذا المجلد. انسخ الملف إلى مجلد خاص بك.</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>يستخدم برنامج آخر هذا الملف. أغلقه هناك ثم أعد المحاولة.</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>الملف تالف. اطلبه مرة أخرى ممن أعطاك إياه.</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>أُنشئ الملف بإصدار أحدث من البرنامج. حدّث البرنامج.</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>تعذّرت القراءة من القرص أو الكتابة عليه. افحصه ثم أعد المحاولة.</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>رسالة البرنامج بالإنجليزية: %1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>المسافة</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>PgUp</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>PgDn</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>نعم، لا</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>الإجابة ذات هذا الرقم عن السؤال المعلَّم</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>الانتقال إلى إجابة أخرى أو سؤال آخر؛ ثم %1 أو %2 للاختيار</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>الحفظ والمتابعة؛ وإن نقصت إجابات فإلى أولها</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>تخطٍّ: بلا تقييم لهذا البند</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>غير صالح: لا يمكن تقييم البند</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>تعليق. %1 لمغادرة الحقل، %2 لسطر جديد</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>تراجع: سحب آخر تقييم وتقديمه من جديد</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>بند سابق؛ ما يتغيّر فيه يُحفظ بوصفه تصحيحًا</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>إلى الأمام من جديد</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>الإرشادات</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>كل عناصر التحكم بترتيب القراءة، ومنها نص البند: فيه تحرّكه الأسهم</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>خط أكبر، خط أصغر، الحجم الأصلي</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>ملء الشاشة، والخروج منه</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>هذه المفاتيح</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>هل العبارة التالية مما قد تقوله؟
«%1»</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>أغادر البيت مبكرًا حتى لا يضطر أحد إلى انتظاري.</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>هذا ما يقوله من يلتزم دائمًا بالموعد، فالإجابة التي تُظهر السلوك هي «نعم».</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>التأخر ربع ساعة يُعدّ التزامًا بالموعد.</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>تقول العبارة عكس ذلك، فالإجابة التي تُظهر السلوك هي «لا».</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>لا أدع أصدقائي يقفون منتظرين في المحطة.</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>انتبه إلى النفي: من لا يجعل أحدًا ينتظر ملتزم بالموعد. فالإجابة «نعم».</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>لا أرى سببًا للنظر إلى الساعة قبل الاجتماع.</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>من يلتزم دائمًا بالموعد لا يقول هذا، فالإجابة «لا».</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>المواعيد النهائية للآخرين لا لي.</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>لا يهم إن كانت العبارة تعجبك: الشخص الملتزم بالموعد يقول «لا».</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>غلّايتك ما زالت تعمل، لكن ثمة واحدة أجمل عليها تخفيض. ماذا تفعل؟</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>أحتفظ بالقديمة.</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>أشتري الجديدة فورًا.</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>الاحتفاظ بما يعمل لا يكلّف شيئًا، فهذه الإجابة تُظهر السلوك.</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>عرض عليك صديق أن يعيرك خيمة. ماذا تقول؟</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>أفضّل أن أشتري خيمة لي.</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>شكرًا، سأستعيرها.</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>الاستعارة توفّر ثمن الخيمة.</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>وجدت ورقة نقدية قديمة في معطف. ماذا يحلّ بها؟</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>أنفقها على غداء طويل.</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>أراهن بها على حصان.</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>أضمّها إلى مدّخراتي.</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>إجابة واحدة فقط من الثلاث تدّخر المال.</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>أي هاتين الجملتين تعبّر عنك؟</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>أقارن الأسعار قبل الشراء.</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>الأغلى هو الأفضل.</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>من يقارن الأسعار ينفق أقل.</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>الحافلة أم سيارة الأجرة إلى المطار؟</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>لا فرق عندي.</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>الحافلة: كلفتها العُشر.</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>سيارة الأجرة: الجلوس فيها أريح.</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>عدم الاكتراث ليس علامة على التوفير؛ أما اختيار الحافلة لسعرها فعلامة عليه.</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>قال السبّاك للزبون إن ___ سيُحضر غدًا أنبوبًا أطول.</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>السبّاك هو من يُحضر الأنابيب.</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>سأل الممرّضُ الزائرَ هل سبق أن جاء ___ إلى هذا القسم.</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>الزوّار هم من يُسألون هل جاؤوا من قبل.</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>ذكّر أمين المكتبة الطالبَ بأن على ___ إعادة الأطلس قبل يوم الجمعة.</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>الطالب هو من استعار الأطلس.</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>اعتذر الخبّاز للضيف لأن ___ أحرق الخبز.</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>من يعتذر عن الخبز هو من أحرقه: الخبّاز.</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>شكر السائقُ الراكبَ الذي دلّ ___ على طريق أقصر.</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>الراكب هو من دلّ على الطريق، فالمدلول عليه هو السائق.</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>من المقصود بالفراغ؟</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>صاحب المهنة</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>الشخص الآخر</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>أي إجابة يعطيها شخص يوفّر كل قرش؟</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>أي إجابة يعطيها شخص يلتزم دائمًا بالموعد؟</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>صحيح. %1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>ليس تمامًا. %1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>«تخطٍّ» و«غير صالح» للبنود التي لا يمكن تقييمها. %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>نعم</translation>
    </message>
    <message>
        <source>No</source>
        <translation>لا</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>تدريب</translation>
    </message>
</context>
</TS>
